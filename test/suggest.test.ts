import { describe, expect, it } from 'vitest';
import { suggest, suggestionFor } from '../lab/suggest.ts';

const words = [
  'as-reported',
  'all-open',
  'all-closed',
  'ftp-filter',
  'ftp-filter-read-only',
  'nat-as-reported',
];

describe('suggest', () => {
  it.each([
    ['as-reportd', 'as-reported'],
    ['As-Reported', 'as-reported'],
    ['all-oepn', 'all-open'],
    ['closed', 'all-closed'],
    ['ftpfilter', 'ftp-filter'],
    ['read-only', 'ftp-filter-read-only'],
  ])('%s means %s', (typed, meant) => expect(suggest(typed, words)[0]).toBe(meant));

  it('is silent about words that resemble none', () => expect(suggest('kerberos', words)).toEqual([]));
});

describe('suggestionFor', () => {
  it.each([
    ['isa-z', 'Did you mean "isa-x" or "isa-y"?'],
    ['router', 'There are: isa-x, isa-y.'],
  ])('%s: %s', (typed, sentence) => expect(suggestionFor(typed, ['isa-x', 'isa-y'])).toBe(sentence));
});
