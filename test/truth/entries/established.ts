/** A rule stops packets of connections that stand, or are about to. */
import { all, blocked, type Entry, each, up } from '../entry.ts';

export const established: readonly Entry[] = [
  {
    name: 'connbytes-original',
    file: 'faults/connbytes-original.rules',
    expected: each({
      passive: blocked('stalled-mid-transfer', { rule: '64 KiB are enough', failedAt: 'store-large' }),
      active: up,
    }),
    why: 'Counts bytes from the opener of a connection. In passive modes the client opens and sends 1 MiB: it stalls after 64 KiB. In active modes the server opens and only its acknowledgements count, some 20 KB.',
    tells: 'how many bytes of the 1 MiB came through',
  },
  {
    name: 'connbytes-both',
    file: 'faults/connbytes-both.rules',
    expected: all(blocked('stalled-mid-transfer', { rule: '200 KB both ways', failedAt: 'store-large' })),
    why: "In passive modes the client's data go to a high port; in active ones the server's acknowledgements do. Either is dropped once 200 KB have passed in both directions together, so the transfer stops.",
    tells: 'how many bytes came through; in active modes the acknowledgements are dropped, not the data',
  },
  {
    name: 'connbytes-reset',
    file: 'faults/connbytes-reset.rules',
    expected: each({
      passive: blocked('stalled-mid-transfer', { rule: 'cut after 64 KiB', failedAt: 'store-large' }),
      active: up,
    }),
    why: 'As connbytes-original, but the client is told by a reset. Active modes send no data to high ports.',
    tells: 'the data connection was reset after 64 KiB',
  },
  {
    name: 'quota-on-data',
    file: 'faults/quota-on-data.rules',
    expected: each({
      pasv: blocked('stalled-mid-transfer', { rule: 'quota used up', failedAt: 'store-large' }),
    }),
    why: 'Listing and 1 KiB take a few KB of the quota; the 1 MiB uses it up half-way, and the rest meets the second rule. One mode, since the quota is for all alike.',
    tells: 'how many bytes came through',
  },
  {
    name: 'length-full-size',
    file: 'faults/length-full-size.rules',
    expected: all(blocked('stalled-mid-transfer', { rule: 'no big packets', failedAt: 'store-large' })),
    why: '1 KiB and its headers are 1076 bytes and pass. 1 MiB travels in packets of 1500 bytes or, before segmentation, more; all of them are dropped, in every mode.',
    tells: 'packets of this size are dropped in silence; no byte of the 1 MiB came through',
  },
  {
    name: 'length-tiny-control',
    file: 'faults/length-tiny-control.rules',
    expected: all(blocked('control-dropped', { rule: 'no tiny packets', failedAt: 'connect' })),
    why: 'The SYN has 60 bytes and passes; the ACK that completes the handshake has 52 and is dropped. The server speaks first and has nobody to speak to, so the connection never stands for it.',
    tells: 'the packet that completes the handshake was dropped',
  },
  {
    name: 'pure-acks-dropped',
    file: 'faults/pure-acks-dropped.rules',
    expected: each({
      passive: blocked('data-dropped', { rule: 'no bare acknowledgements', failedAt: 'store-small' }),
      active: up,
    }),
    why: "In passive modes the ACK that completes the data connection's handshake is dropped; vsftpd accepts no connection and answers no STOR. In active modes the client's packets go to port 20, which the rule does not name.",
    tells: 'the packet that completes the handshake was dropped',
  },
  {
    name: 'only-syn-passes',
    file: 'faults/only-syn-passes.rules',
    expected: each({
      passive: blocked('data-dropped', { rule: 'nothing but SYN', failedAt: 'store-small' }),
      active: up,
    }),
    why: "All packets but the SYN of the client's data connections are dropped, first the ACK of the handshake. Active modes use port 20.",
    tells: 'the packet that completes the handshake was dropped',
  },
  {
    name: 'synack-to-20-dropped',
    file: 'faults/synack-to-20-dropped.rules',
    firewall: 'isa-x',
    expected: each({
      passive: up,
      active: blocked('data-dropped', {
        firewall: 'isa-x',
        rule: 'no answers to port 20',
        failedAt: 'store-small',
      }),
    }),
    why: "The server's SYN from port 20 passes as RELATED; the client's answer to it does not.",
    tells: 'the answer to the opening was dropped',
  },
  {
    name: 'one-direction-only',
    file: 'faults/one-direction-only.rules',
    expected: all(blocked('data-dropped', { rule: 'policy FORWARD DROP', failedAt: 'store-small' })),
    why: "Everything may leave, but only packets from port 21 may come back. In passive modes the server's SYN ACK from its data port meets the policy, in active ones its SYN from port 20.",
    tells: 'in passive modes it is the answer to the opening that was dropped',
  },
  {
    name: 'replies-of-data-dropped',
    file: 'faults/replies-of-data-dropped.rules',
    expected: all(blocked('data-dropped', { rule: 'no way back', failedAt: 'store-small' })),
    why: 'Packets in reply direction are dropped unless the connection was opened to port 21: the SYN ACK of every data connection, whoever opened it.',
    tells: 'the answer to the opening was dropped',
  },
  {
    name: 'fin-dropped',
    file: 'faults/fin-dropped.rules',
    expected: each({
      passive: blocked('stalled-mid-transfer', { rule: 'no end of file', failedAt: 'store-small' }),
      active: up,
    }),
    why: 'All data arrive, but the FIN that ends the file does not, so the server waits for more. Active modes use port 20.',
    tells: 'all bytes came through, and the end of the file was dropped',
  },
  {
    name: 'psh-dropped',
    file: 'faults/psh-dropped.rules',
    expected: each({
      passive: blocked('stalled-mid-transfer', { rule: 'no PSH', failedAt: 'store-small' }),
      active: up,
    }),
    why: 'The handshake has no PSH. 1 KiB is one segment, sent with PSH, and is dropped. Active modes use port 20.',
    tells: 'no byte came through',
  },
  {
    name: 'icmp-dropped',
    file: 'faults/icmp-dropped.rules',
    expected: all(up),
    why: 'No link of the lab is narrow on this way, so no ICMP is needed. A counter-proof.',
  },
  {
    name: 'connbytes-far-above',
    file: 'faults/connbytes-far-above.rules',
    firewall: 'isa-x',
    expected: all(up),
    why: 'No connection of an attempt carries 100 MB. A counter-proof.',
  },
  {
    name: 'control-acks-dropped',
    file: 'faults/control-acks-dropped.rules',
    expected: all(up),
    why: "The server's packets on the control connection that carry nothing but an acknowledgement are dropped. Its SYN ACK passes, and each reply acknowledges the command that it answers (RFC 9293 section 3.4), so nothing waits for them.",
    tells: 'nothing: the upload works',
  },
  {
    name: 'acks-to-high-ports-dropped',
    file: 'faults/acks-to-high-ports-dropped.rules',
    expected: all(
      blocked('data-dropped', { rule: 'no acknowledgements to high ports', failedAt: 'store-small' }),
    ),
    why: "In passive modes the client's last packet of the data connection's handshake goes to a high port, in active modes the server's does, and it is dropped. On the control connection the rule drops acknowledgements by the server too: those are no cause, since the replies acknowledge as well.",
    tells: "the packet that completes the data connection's handshake was dropped",
  },
];
