import type { AttemptOrder } from '../../lab/agent/protocol.ts';

/** The order for an attempt on a server of this machine; `rest` says what is special about it. */
export function attemptOrder(port: number, rest: Partial<AttemptOrder> = {}): AttemptOrder {
  return {
    id: 'test',
    driver: 'basic-ftp',
    tls: false,
    host: '127.0.0.1',
    port,
    user: 'upload',
    password: 'secret',
    mode: 'pasv',
    smallBytes: 10,
    largeBytes: 100_000,
    retrieveFile: 'retrieve.bin',
    retrieveBytes: 100,
    patienceMs: 2000,
    ...rest,
  };
}
