import type { FindingCode } from '../../model/result/server-diagnosis.ts';

/** The scenarios of the lab that stage what a finding says, those of a published server included. */
export const like: Readonly<Record<FindingCode, readonly string[]>> = {
  'control-closed': ['all-closed', 'control-rejected'],
  'not-listening': [],
  'uploads-off': ['server-permission'],
  'uploads-limited': ['server-permission', 'quota-exceeded'],
  'passive-off': [],
  'active-off': [],
  'range-closed': ['server-behind-firewall', 'published-without-filter'],
  'range-half-open': ['passive-range-half-open'],
  'related-without-helper': ['related-without-helper'],
  'helper-sees-no-tls': ['tls-blinds-helper', 'published-ftps'],
  'helper-sees-other-address': ['published-with-filter-outside-address'],
  'active-closed': ['published-range', 'published-active-back'],
  'announced-private': ['pasv-address-private', 'published-range', 'published-without-filter'],
  'announced-other': ['pasv-address-foreign', 'pasv-address-unroutable'],
  'announced-unknown': ['published-range', 'published-range-outside-address'],
  'own-address-private': ['published-range', 'published-without-filter', 'published-with-filter'],
  'own-address-other': ['published-range', 'published-without-filter', 'published-with-filter'],
  'tls-session-reuse': ['tls-session-reuse'],
  'range-unset': ['published-without-filter', 'server-range-outbound'],
  'range-narrow': [],
  'rules-unread': [],
  'config-unread': [],
  'undecided-by-text': [],
};
