import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { lockLab, stateFolder } from '../../lab/engine/lab-lock.ts';

afterEach(() => vi.unstubAllEnvs());

describe('stateFolder', () => {
  it.each([
    [{ FTPLAB_STATE: '/state', XDG_STATE_HOME: '/xdg', HOME: '/home/me' }, '/state/lab'],
    [{ FTPLAB_STATE: '', XDG_STATE_HOME: '/xdg', HOME: '/home/me' }, '/xdg/isa-ftp-lab/lab'],
    [{ FTPLAB_STATE: '', XDG_STATE_HOME: '', HOME: '/home/me' }, '/home/me/.local/state/isa-ftp-lab/lab'],
  ])('of %o is %s', (environment, folder) => {
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    expect(stateFolder('lab')).toBe(folder);
  });
});

describe('lockLab', () => {
  let state: string;
  beforeAll(async () => {
    state = await mkdtemp(join(tmpdir(), 'isa-ftp-lab-lock-'));
  });
  afterAll(() => rm(state, { recursive: true }));

  it('lets one process in at a time, and labs of other names at the same time', async () => {
    vi.stubEnv('FTPLAB_STATE', state);
    {
      await using first = await lockLab('one');
      expect(first.folder).toBe(join(state, 'one'));
      await expect(lockLab('one')).rejects.toMatchObject({
        code: 'lab-in-use',
        message: `Lab one is in use by process ${process.pid}`,
      });
      await using other = await lockLab('two');
      expect(other.folder).toBe(join(state, 'two'));
    }
    await using again = await lockLab('one');
    expect(again.folder).toBe(join(state, 'one'));
  });

  it('takes over from a process that was killed', async () => {
    vi.stubEnv('FTPLAB_STATE', state);
    const module = fileURLToPath(new URL('../../lab/engine/lab-lock.ts', import.meta.url));
    const holder = spawn(
      process.execPath,
      [
        ...['--import', 'tsx', '--input-type=module', '--eval'],
        `const { lockLab } = await import(${JSON.stringify(module)});
         await lockLab('killed'); console.log('locked'); setInterval(() => {}, 1000);`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    await once(holder.stdout, 'data');
    await expect(lockLab('killed')).rejects.toMatchObject({
      message: `Lab killed is in use by process ${holder.pid}`,
    });
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    await using lock = await lockLab('killed');
    expect(lock.folder).toBe(join(state, 'killed'));
  });

  it('says that its folder was removed, and fails neither then nor afterwards', async () => {
    vi.stubEnv('FTPLAB_STATE', state);
    const said: string[] = [];
    {
      await using lock = await lockLab('removed', (sentence) => said.push(sentence));
      await rm(lock.folder, { recursive: true });
    }
    expect(said).toEqual([expect.stringContaining(join(state, 'removed'))]);
    await using _again = await lockLab('removed');
  });

  it('leaves a lock alone that another process has taken after its folder was removed', async () => {
    vi.stubEnv('FTPLAB_STATE', state);
    const folder = join(state, 'taken');
    {
      await using _lock = await lockLab('taken');
      await rm(folder, { recursive: true });
      await mkdir(join(folder, 'lock'), { recursive: true });
      await writeFile(join(folder, 'owner.json'), JSON.stringify({ pid: 1, host: 'elsewhere' }));
    }
    expect(await readdir(folder)).toEqual(['lock', 'owner.json']);
  });

  it('refuses a name that would lead out of the folder', async () => {
    vi.stubEnv('FTPLAB_STATE', state);
    await expect(lockLab('../../etc')).rejects.toMatchObject({ kind: 'usage', code: 'bad-lab-name' });
  });
});
