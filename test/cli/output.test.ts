import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { Output } from '../../lab/cli/output.ts';

function stream(terminal?: { columns: number }): NodeJS.WriteStream {
  return Object.assign(
    new PassThrough(),
    terminal ? { isTTY: true, ...terminal } : {},
  ) as unknown as NodeJS.WriteStream;
}

const written = (from: NodeJS.WriteStream) => String((from as unknown as PassThrough).read() ?? '');

describe('style', () => {
  it.each([
    ['a terminal', { columns: 97 }, {}, { width: 97, color: true }],
    ['a narrow terminal', { columns: 20 }, {}, { width: 60, color: true }],
    ['a wide terminal', { columns: 500 }, {}, { width: 200, color: true }],
    ['a pipe', undefined, {}, { width: 120, color: false }],
    ['a pipe with COLUMNS', undefined, { COLUMNS: '80' }, { width: 80, color: false }],
    ['NO_COLOR', { columns: 80 }, { NO_COLOR: '1', FORCE_COLOR: '1' }, { width: 80, color: false }],
    ['FORCE_COLOR', undefined, { FORCE_COLOR: '1' }, { width: 120, color: true }],
    ['TERM=dumb', { columns: 80 }, { TERM: 'dumb' }, { width: 80, color: false }],
    [
      'a UTF-8 locale',
      { isTTY: true, columns: 80 },
      { LANG: 'de_DE.UTF-8' },
      { width: 80, color: true, unicode: true },
    ],
    ['LC_ALL', { isTTY: true, columns: 80 }, { LC_ALL: 'C', LANG: 'de_DE.utf8' }, { width: 80, color: true }],
  ])('of %s', (_what, terminal, environment, style) => {
    expect(new Output(stream(terminal), stream(), environment).style).toEqual({ unicode: false, ...style });
  });
});

describe('Output', () => {
  it('puts results on standard output and all else on standard error', () => {
    const [out, err] = [stream(), stream()];
    const output = new Output(out, err, {});
    output.result('result');
    output.progress('progress');
    output.message('message');
    expect([written(out), written(err)]).toEqual(['result\n', 'progress\nmessage\n']);
  });

  it('breaks progress between words on a narrow terminal, and leaves it whole elsewhere', () => {
    const text = 'Bringing up a lab: 11 of 11 networks and containers to start';
    const [terminal, file] = [stream({ columns: 60 }), stream()];
    for (const err of [terminal, file]) new Output(stream(), err, {}).progress(`${text} now`);
    expect([written(terminal), written(file)]).toEqual([`${text}\n  now\n`, `${text} now\n`]);
  });

  it('keeps progress, not messages, to itself when quiet', () => {
    const err = stream({ columns: 80 });
    const output = new Output(stream(), err, {});
    output.quiet = true;
    output.progress('progress');
    output.message('message');
    expect(written(err)).toBe('message\n');
  });

  it('has a terminal to draw on only if standard error is one that is wanted and able', () => {
    const terminal = stream({ columns: 80 });
    expect(new Output(stream(), terminal, {}).terminal).toBe(terminal);
    expect(new Output(stream({ columns: 80 }), stream(), {}).terminal).toBeUndefined();
    expect(new Output(stream(), terminal, { TERM: 'dumb' }).terminal).toBeUndefined();
    const quiet = new Output(stream(), terminal, {});
    quiet.quiet = true;
    expect(quiet.terminal).toBeUndefined();
  });

  it('tells details only when verbose', () => {
    const err = stream();
    const output = new Output(stream(), err, {});
    output.detail('unasked');
    output.verbose = true;
    output.detail('asked');
    expect(written(err)).toBe('asked\n');
  });

  it('goes on in silence after its reader has gone', () => {
    const out = stream();
    const output = new Output(out, stream(), {});
    out.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    output.result('unread');
    expect(written(out)).toBe('');
  });
});
