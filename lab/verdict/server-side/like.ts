import type { FindingCode } from '../../model/result/server-diagnosis.ts';

/** Scenarios about what a finding says: those that stage it, and those that have what cures it. */
export interface Alike {
  readonly like: readonly string[];
  readonly cured: readonly string[];
}

/** The scenarios of the lab about each finding, those of a published server included. */
export const alike: Readonly<Record<FindingCode, Alike>> = {
  'control-closed': { like: ['all-closed', 'control-rejected'], cured: [] },
  'not-listening': { like: [], cured: [] },
  'uploads-off': { like: ['server-permission'], cured: [] },
  'uploads-limited': { like: ['server-permission', 'quota-exceeded'], cured: [] },
  'passive-off': { like: [], cured: [] },
  'active-off': { like: [], cured: [] },
  'range-closed': {
    like: ['server-behind-firewall', 'published-without-filter'],
    cured: ['server-firewall-range'],
  },
  'range-half-open': { like: ['passive-range-half-open'], cured: ['server-firewall-range'] },
  'related-without-helper': {
    like: ['related-without-helper', 'server-behind-firewall'],
    cured: ['server-firewall-range', 'server-firewall-helper'],
  },
  'helper-sees-no-tls': { like: ['tls-blinds-helper'], cured: ['published-ftps'] },
  'helper-sees-other-address': {
    like: ['published-with-filter-outside-address'],
    cured: ['published-range-outside-address'],
  },
  'active-closed': { like: ['published-range'], cured: ['published-active-back'] },
  'announced-private': {
    like: ['pasv-address-private', 'published-range', 'published-without-filter'],
    cured: ['published-range-outside-address', 'published-with-filter'],
  },
  'announced-other': {
    like: ['pasv-address-foreign', 'pasv-address-unroutable'],
    cured: ['published-range-outside-address'],
  },
  'announced-unknown': { like: ['published-range'], cured: ['published-range-outside-address'] },
  'own-address-private': {
    like: ['published-range', 'published-without-filter'],
    cured: ['published-range-outside-address', 'published-with-filter'],
  },
  'own-address-other': {
    like: ['published-range', 'published-without-filter'],
    cured: ['published-range-outside-address', 'published-with-filter'],
  },
  'tls-session-reuse': { like: ['tls-session-reuse'], cured: [] },
  'range-unset': { like: ['published-without-filter'], cured: ['published-range-outside-address'] },
  'range-narrow': { like: [], cured: [] },
  'rules-unread': { like: [], cured: [] },
  'config-unread': { like: [], cured: [] },
  'undecided-by-text': { like: [], cured: [] },
};
