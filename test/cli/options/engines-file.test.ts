import { expect, it } from 'vitest';
import { enginesIn } from '../../../lab/cli/options/engines-file.ts';

it('reads engines, certificates and comments', () => {
  const text = `# the lab's hosts
unix:///run/docker.sock

tcp://build.example:2376 /etc/docker/build   # by TLS
ssh://ada@lab.example
`;
  expect(enginesIn(text, 'engines')).toEqual([
    { host: 'unix:///run/docker.sock', certificates: null },
    { host: 'tcp://build.example:2376', certificates: '/etc/docker/build' },
    { host: 'ssh://ada@lab.example', certificates: null },
  ]);
});

it.each([
  ['nothing', '# none\n', 'engines lists no engine'],
  ['one twice', 'ssh://a\nssh://b\nssh://a\n', 'engines lists ssh://a twice'],
  ['too much', '\ntcp://a:2376 certs key\n', 'engines:2 has more than an engine and its certificates: "key"'],
])('refuses a file that lists %s', (_what, text, message) => {
  expect(() => enginesIn(text, 'engines')).toThrow(expect.objectContaining({ kind: 'usage', message }));
});
