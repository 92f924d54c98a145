import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Turns } from '../../../lab/engine/docker/turns.ts';

it('runs tasks with a common key in order, one at a time, and others at the same time', async () => {
  const turns = new Turns();
  const events: string[] = [];
  const task = (name: string, ms: number) => async () => {
    events.push(`${name} starts`);
    await delay(ms);
    events.push(`${name} ends`);
    return name;
  };
  const results = await Promise.all([
    turns.take(['x', 'external'], task('isa-x', 40)),
    turns.take(['y', 'external'], task('isa-y', 20)),
    turns.take(['x'], task('x-workstation', 90)),
    turns.take(['other'], task('other', 10)),
    turns.take(['external'], task('vsftpd', 10)),
  ]);
  expect(results).toEqual(['isa-x', 'isa-y', 'x-workstation', 'other', 'vsftpd']);
  expect(events).toEqual([
    ...['isa-x starts', 'other starts', 'other ends', 'isa-x ends'],
    ...['isa-y starts', 'x-workstation starts', 'isa-y ends'],
    ...['vsftpd starts', 'vsftpd ends', 'x-workstation ends'],
  ]);
});

it('goes on after a task that failed, and tells only its owner', async () => {
  const turns = new Turns();
  const failed = turns.take(['x'], () => Promise.reject(new Error('no')));
  await expect(turns.take(['x'], async () => 'next')).resolves.toBe('next');
  await expect(failed).rejects.toThrow('no');
});
