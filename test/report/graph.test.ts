import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { addressPlan } from '../../lab/network/address-plan.ts';
import { networkSvg } from '../../lab/report/svg/network-svg.ts';
import { diagramOf } from '../../lab/report/text/diagram.ts';
import { dot, mermaid } from '../../lab/report/text/graph.ts';

const diagram = diagramOf(addressPlan(0), {});
const drawings = {
  mermaid: mermaid(diagram),
  dot: dot(diagram),
  svg: networkSvg(diagram, { standalone: true }),
};

describe.each(Object.entries(drawings))('the network as %s', (_format, text) => {
  it('names every subnet, firewall and host with its addresses', () => {
    const { firewalls, outermost } = diagram;
    const guarded = firewalls.flatMap(({ guards }) => guards);
    for (const { ranges, hosts } of [...guarded.map(({ subnet }) => subnet), outermost])
      for (const word of [...ranges, ...hosts.flatMap(({ name, address }) => [name, address])])
        expect(text).toContain(word);
    for (const { name, guards, outside } of firewalls)
      for (const word of [name, ...guards.map(({ address }) => address), outside.address])
        expect(text).toContain(word);
  });
});

describe('dot', () => {
  it('joins each firewall to the hosts that it guards and to External, and to nothing else', () => {
    const links = [...drawings.dot.matchAll(/"([^"]+)" -- "([^"]+)"/g)].map(([, from, to]) => [from, to]);
    expect(links).toEqual([
      ['x-workstation', 'isa-x'],
      ['isa-x', 'vsftpd'],
      ['y-server', 'isa-y'],
      ['y-workstation', 'isa-y'],
      ['isa-y', 'vsftpd'],
    ]);
  });
});

describe('svg', () => {
  it('draws no host over another, and everything inside the picture', () => {
    const [, width = 0, height = 0] = (/viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(drawings.svg) ?? []).map(
      Number,
    );
    const boxes = [...drawings.svg.matchAll(/<rect x="([\d.]+)" y="([\d.]+)" width="(\d+)" height="(\d+)"/g)]
      .map(([, ...numbers]) => numbers.map(Number) as [number, number, number, number])
      .map(([left, top, w, h]) => ({ left, top, right: left + w, bottom: top + h }));
    expect(boxes.length).toBeGreaterThan(4);
    for (const [index, one] of boxes.entries()) {
      expect(one.right).toBeLessThanOrEqual(width);
      expect(one.bottom).toBeLessThanOrEqual(height);
      for (const other of boxes.slice(index + 1))
        expect(
          one.right <= other.left ||
            other.right <= one.left ||
            one.bottom <= other.top ||
            other.bottom <= one.top,
        ).toBe(true);
    }
  });

  it('is the picture in docs/network.svg (vitest -u updates it)', async () => {
    await expect(drawings.svg).toMatchFileSnapshot('../../docs/network.svg');
    expect(await readFile('README.md', 'utf8')).toContain('(docs/network.svg)');
  });
});
