import { describe, expect, it } from 'vitest';
import { ladderOf } from '../../lab/report/ladder/ladder.ts';
import { ladderSvg } from '../../lab/report/svg/ladder-svg.ts';
import { droppedEvidence } from './evidence-fixture.ts';
import { cell } from './fixtures.ts';

const evil = '</svg><script>alert(1)</script>"';
const drawn = (comment?: string) =>
  ladderSvg(
    ladderOf(
      { ...cell('r', 'y-server', 'vsftpd', 'pasv', 'dropped'), evidence: droppedEvidence(comment) },
      {},
    ),
    'A title',
  );

describe('the ladder as a picture', () => {
  it('ends a refused packet at the firewall, and says which rule it was', () => {
    const svg = drawn();
    const walls = [...svg.matchAll(/class="life wall" x1="(\d+)"/g)].map(([, x]) => Number(x));
    const [, left = 0, y = 0] = (/class="cross" d="M(\d+) ([\d.]+)/.exec(svg) ?? []).map(Number);
    expect(walls).toEqual([left + 6]);
    expect(svg).toMatch(new RegExp(`class="bad" x1="\\d+" x2="${left + 6}" y1="${y + 6}"`));
    expect(svg).toMatch(/class="deny"[^>]*>DROP: Default rule</);
  });

  it('keeps all texts within the picture', () => {
    const svg = drawn(`${'A very long comment, as people write them. '.repeat(6)}End`);
    const [, width = 0, height = 0] = (/viewBox="0 0 (\d+) ([\d.]+)"/.exec(svg) ?? []).map(Number);
    for (const [, x, y, anchor, text = ''] of svg.matchAll(
      /<text[^>]* x="([\d.]+)" y="([\d.]+)" text-anchor="(\w+)">([^<]*)</g,
    )) {
      const length = text.replace(/&#\d+;/g, '.').length * 7.3;
      expect(Number(y)).toBeLessThanOrEqual(height);
      expect(Number(x) + (anchor === 'start' ? length : 0)).toBeLessThanOrEqual(width);
    }
    expect(svg).toContain('End<');
  });

  it('escapes comments', () => {
    expect(drawn(evil)).not.toContain('<script');
    expect(drawn(evil).match(/<\/svg>/g)).toHaveLength(1);
  });
});
