/** `diagnose --server-side` on a server of the lab, in its network, with rules in force: it must say of each mode what the kernel then does. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findEngine } from '../../lab/engine/find-engine.ts';
import {
  type Lab,
  type ServerDiagnosisResult,
  savedRules,
  startLab,
  transferModes,
} from '../../lab/index.ts';
import { addressOf } from '../../lab/network/address-plan.ts';
import { outcomeIn } from '../../lab/verdict/server-side/server-diagnosis.ts';
import { ftplab } from './run-ftplab.ts';

const name = 'it-server-side';
/** vsftpd, without servers beside it that have rules of nft. */
const server = 'y-server';
const config = fileURLToPath(new URL('../../lab/engine/images/vsftpd/root/etc/vsftpd.conf', import.meta.url));
const ufw = readFileSync(new URL('../trial/ufw.rules', import.meta.url), 'utf8');
let lab: Lab;
let by: string[];

const possible = spawnSync('nsenter', ['--net=/proc/self/ns/net', 'true']).status === 0;

beforeAll(async () => {
  lab = await startLab({ name });
  const engine = await findEngine();
  const { stdout } = await engine.run({ lab: name, host: server }, ['readlink', '/proc/self/ns/net']);
  const there = readdirSync('/proc').find((pid) => /^\d+$/.test(pid) && link(pid) === stdout.trim());
  by = ['nsenter', `--net=/proc/${there}/ns/net`];
});
afterAll(() => lab?.[Symbol.asyncDispose]());

function link(pid: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return undefined; // it has ended meanwhile
  }
}

const filter = (input: string, rules: readonly string[], output = 'ACCEPT') =>
  `*filter\n:INPUT ${input} [0:0]\n:OUTPUT ${output} [0:0]\n${rules.join('\n')}\nCOMMIT\n`;
const raw = '*raw\n-A PREROUTING -p tcp -m tcp --dport 21 -j CT --helper ftp\nCOMMIT\n';
const known = '-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT';
const open21 = '-A INPUT -p tcp -m tcp --dport 21 -j ACCEPT';

describe.skipIf(!possible)('diagnose --server-side', () => {
  it.each([
    ['no rules', filter('ACCEPT', []), 'fine fine fine fine'],
    ['port 21 alone', filter('DROP', [known, open21]), 'breaks breaks fine fine'],
    [
      'the range too',
      filter('DROP', [known, open21, '-A INPUT -p tcp --dport 32768:60999 -j ACCEPT']),
      'fine fine fine fine',
    ],
    ['the helper', raw + filter('DROP', [known, open21]), 'fine fine fine fine'],
    [
      'the helper, without RELATED',
      raw + filter('DROP', ['-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT', open21]),
      'breaks breaks fine fine',
    ],
    [
      'a chain of its own',
      filter('ACCEPT', [
        '-N own',
        '-A INPUT ! -i lo -p tcp -j own',
        '-A own -m conntrack --ctstate ESTABLISHED -j RETURN',
        '-A own -p tcp -m multiport --dports 20,21 -j RETURN',
        '-A own -p tcp -j REJECT --reject-with tcp-reset',
      ]),
      'breaks breaks fine fine',
    ],
    [
      'a closed OUTPUT',
      filter('ACCEPT', ['-A OUTPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT'], 'DROP'),
      'fine fine breaks breaks',
    ],
    [
      'no SYN of theirs',
      filter('ACCEPT', ['-A INPUT -p tcp -m tcp --dport 1024:65535 --tcp-flags FIN,SYN,RST,ACK SYN -j DROP']),
      'breaks breaks fine fine',
    ],
    [
      'a ban of somebody else',
      filter('DROP', [
        '-A INPUT -s 198.51.100.200/32 -j REJECT',
        known,
        open21,
        '-A INPUT -p tcp --dport 1024:65535 -j ACCEPT',
      ]),
      'fine fine fine fine',
    ],
    ['ufw', ufw, 'breaks breaks fine fine'],
  ])('says what the kernel does with %s', async (_what, rules, modes) => {
    await lab.load(savedRules('own', server, rules));
    const called = addressOf(lab.plan, server);
    const args = ['--server-side', '--server-config', config, '--seen-at', called, '--json', '-'];
    const { stdout, stderr } = await ftplab(['diagnose', ...args], { by });
    expect(stderr).toBe('');
    const { findings } = JSON.parse(stdout) as ServerDiagnosisResult;
    const said = transferModes.map((mode) => outcomeIn(mode, findings) ?? 'fine');
    expect(said.join(' '), JSON.stringify(findings)).toBe(modes);
    for (const [index, mode] of transferModes.entries()) {
      const { verdict } = await lab.attempt({ client: 'x-workstation', server, mode });
      expect(verdict.uploaded, `${mode}: ${verdict.sentence}`).toBe(said[index] === 'fine');
    }
  });
});
