/** A few of the gateways, so that the suite notices when a patch gets worse; `npm run truth -- --fix` mends all of them. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { HeldLab } from '../truth/held-lab.ts';
import { CorpusNetwork } from '../truth/network.ts';
import { gateways } from './gateways.ts';
import { mendGateway } from './mend-gateway.ts';

const held = new HeldLab(new CorpusNetwork(86), { name: 'it-fix' });
beforeAll(async () => {
  await held.get();
});
afterAll(() => held.giveUp());

it.each(['firehol-port-21', 'stateless'])(
  '%s is mended as well as an expert did',
  async (name) => {
    const gateway = gateways.find((one) => one.name === name);
    if (!gateway) throw new Error(`No gateway is called ${name}`);
    expect((await mendGateway(await held.get(), gateway, held.network)).wrong).toEqual([]);
  },
  300_000,
);
