import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { stoppedWaiting, transferModes } from '../../lab/model/attempt.ts';
import type { CellResult } from '../../lab/model/cell.ts';
import { clientPrograms } from '../../lab/model/drivers.ts';
import { ownWait } from '../../lab/model/patience.ts';
import { ownWaitOf, sparedWaits } from '../../lab/report/text/waits.ts';
import { cell } from './fixtures.ts';

/** A blocked cell whose three data connections were each given up after half a second. */
function blocked(reply: string, change: Partial<CellResult> = {}): CellResult {
  const plain = cell('r', 'y-server', 'vsftpd', 'pasv', 'dropped');
  const steps = plain.steps.map((step) => ({
    ...step,
    ms: 500,
    reply: step.outcome === 'failed' ? reply : '230 in',
  }));
  return { ...plain, steps: steps.filter(({ name }) => name !== 'retrieve'), ...change };
}

describe('spared waits', () => {
  it('count each wait that the lab cut short, minus the time waited', () => {
    expect(sparedWaits([blocked(`Cannot open: ${stoppedWaiting}`)])).toContain('1 min 29 s longer');
    expect(sparedWaits(Array.from({ length: 100 }, () => blocked(stoppedWaiting)))).toContain('2 h 27 min');
  });

  it.each([
    ['the client waited by itself', blocked('Timeout when trying to open data connection')],
    ['nobody measured it', blocked(stoppedWaiting, { mode: 'port' })],
  ])('count nothing if %s', (_what, waited) => {
    expect(sparedWaits([waited])).toBe('');
    expect(ownWaitOf(waited)).toBe('');
  });

  it('say how long the client of one cell waits by itself', () => {
    expect(ownWaitOf(blocked(stoppedWaiting))).toContain('basic-ftp waits 30 s');
  });
});

/** The figures come from the page that a patient run wrote; kernel and server timers vary a little. */
describe('docs/clients.md', () => {
  const page = readFileSync(new URL('../../docs/clients.md', import.meta.url), 'utf8');
  const sections = page.split(/^### /m).slice(1);
  const seconds = (text: string) =>
    Number(/(\d+) min/.exec(text)?.[1] ?? 0) * 60 + Number(/(\d+) s/.exec(text)?.[1] ?? 0);
  const known = clientPrograms.flatMap((driver) =>
    transferModes.flatMap((mode) => {
      const wait = ownWait(driver, mode);
      return wait === undefined ? [] : [[driver, mode, wait] as const];
    }),
  );
  // basic-ftp waits equally long in both passive modes; the page lists one.
  it.each(known.filter(([driver, mode]) => driver !== 'basic-ftp' || mode === 'pasv'))(
    'say that %s in %s waits about %i s',
    (driver, mode, wait) => {
      const section = sections.find((text) => text.startsWith(`${driver}\n`)) ?? '';
      const found = new RegExp(`\\*\\*as-reported\\*\\*, ${mode}: failed after ([^,.]+)`).exec(section);
      expect(Math.abs(seconds(found?.[1] ?? '') / wait - 1)).toBeLessThan(0.15);
    },
  );
});
