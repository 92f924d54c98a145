import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { ProberProcess } from '../../lab/exposure/prober-process.ts';

/** Talks to a program on this machine, as the lab does to programs in containers; counts how often it was closed. */
function talkTo(script: string) {
  let closes = 0;
  const talk = ProberProcess.open('isa-y', async (onLine) => {
    const child = spawn('sh', ['-c', script]);
    createInterface({ input: child.stdout }).on('line', onLine);
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.stdin.on('error', () => undefined); // it may have ended
    const closed = new Promise((resolve) => child.once('close', resolve));
    return {
      write: (line) => void child.stdin.write(`${line}\n`),
      closed,
      stderr: () => stderr,
      close: async () => {
        closes++;
        child.stdin.end();
        await closed;
      },
    };
  });
  return { talk, closes: () => closes };
}

describe('a prober', () => {
  it('that does not start is closed, and its own output says why', async () => {
    const { talk, closes } = talkTo('echo "counting probes needs Linux 5.16" >&2; exit 1');
    await expect(talk).rejects.toMatchObject({
      code: 'prober-gone',
      message: 'The port prober of isa-y did not start: counting probes needs Linux 5.16',
      hint: expect.stringContaining('ftplab doctor'),
    });
    expect(closes()).toBe(1);
  });

  it('greets, answers in order, and is reported when it ends', async () => {
    const { talk } = talkTo('echo ready; read -r line; echo "you said $line"; read -r line; exit 1');
    const { prober, greeting } = await talk;
    expect(greeting).toBe('ready');
    expect(await prober.ask('hello')).toBe('you said hello');
    await expect(prober.ask('and now?')).rejects.toMatchObject({
      message: 'The port prober of isa-y ended: it exited',
    });
    await expect(prober.gone).rejects.toMatchObject({ code: 'prober-gone' });
    await prober.close();
  });
});
