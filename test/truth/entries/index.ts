import type { Kind } from '../entry.ts';
import { chains } from './chains.ts';
import { chance } from './chance.ts';
import { commands } from './commands.ts';
import { established } from './established.ts';
import { expectations } from './expectations.ts';
import { forms } from './forms.ts';
import { generated } from './generated.ts';
import { ip6 } from './ip6.ts';
import { kernel } from './kernel.ts';
import { marks } from './marks.ts';
import { inNftAsWell, nft } from './nft.ts';
import { plain } from './plain.ts';
import { published } from './published.ts';
import { queues } from './queues.ts';
import { rejects } from './rejects.ts';
import { replies } from './replies.ts';
import { sets } from './sets.ts';
import { turned } from './turned.ts';

/** Files of iptables-save, by what stops the upload. */
const iptablesKinds: readonly Kind[] = [
  { name: 'files of generators', entries: generated },
  { name: 'published servers', entries: published },
  { name: 'plain rules and policies', entries: plain },
  { name: 'commands by their content', entries: commands },
  { name: 'replies by their content', entries: replies },
  { name: 'packets of established connections', entries: established },
  { name: 'NAT into nowhere', entries: turned },
  { name: 'TTL, routes, reverse path, MSS', entries: kernel },
  { name: 'time, count and chance', entries: chance },
  { name: 'the FTP helper and its expectations', entries: expectations },
  { name: 'marks, zones, not tracked', entries: marks },
  { name: 'queues and copies', entries: queues },
  { name: 'chains and tables', entries: chains },
  { name: 'kinds of REJECT', entries: rejects },
  { name: 'sets', entries: sets },
  { name: 'forms of files', entries: forms },
];

const ofIptables = iptablesKinds.flatMap(({ entries }) => entries);

/** The corpus. */
export const kinds: readonly Kind[] = [
  ...iptablesKinds,
  { name: 'files of nft rules', entries: nft },
  { name: 'iptables files, translated to nft', entries: inNftAsWell(ofIptables) },
  { name: 'uploads by IPv6', entries: ip6 },
];
