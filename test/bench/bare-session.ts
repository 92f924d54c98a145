/**
 * The floor of a cell: the six steps with nothing but basic-ftp, run inside a client container. Arguments: server's
 * address, number of sessions. Prints each session's milliseconds as a JSON array.
 */
import { randomBytes } from 'node:crypto';
import { Readable, Writable } from 'node:stream';
import { Client } from 'basic-ftp';
import { ftpAccount } from '../../lab/network/topology.ts';

const [host = '', sessions = '1'] = process.argv.slice(2);
const small = randomBytes(1024);
const large = randomBytes(1024 * 1024);
const nowhere = () => new Writable({ write: (_chunk, _encoding, done) => done() });

async function measure(): Promise<number[]> {
  const times: number[] = [];
  for (let session = 0; session < Number(sessions); session++) {
    const start = performance.now();
    const client = new Client();
    await client.access({ host, user: ftpAccount.user, password: ftpAccount.password });
    await client.list();
    await client.uploadFrom(Readable.from([small], { objectMode: false }), 'bench-small.bin');
    await client.uploadFrom(Readable.from([large], { objectMode: false }), 'bench-large.bin');
    await client.downloadTo(nowhere(), ftpAccount.retrieveFile);
    client.close();
    times.push(performance.now() - start);
  }
  return times;
}

void measure().then((times) => process.stdout.write(`${JSON.stringify(times)}\n`));
