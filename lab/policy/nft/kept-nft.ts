/** A program that writes nft tables of its own, how its configuration is kept before a change, and put back. */
export interface KeptNft {
  readonly name: string;
  readonly keep: string;
  /** Where such a configuration has rules, in a sentence. */
  readonly where: string;
  readonly apply: string;
  readonly back: string;
}

const programs: readonly (KeptNft & { readonly table: RegExp })[] = [
  {
    name: 'firewalld',
    table: /^\s*(?:add )?table inet firewalld\b/m,
    keep: 'cp -a /etc/firewalld /root/firewalld-before',
    where:
      'Between zones firewalld accepts by policies (firewalld.policies(5)): the service ftp in one brings the helper with it. What it rejects no table of your own can accept.',
    apply: 'firewall-cmd --reload',
    back: 'rm -r /etc/firewalld\ncp -a /root/firewalld-before /etc/firewalld\nfirewall-cmd --reload',
  },
  {
    name: 'OpenWrt',
    table: /^\s*(?:add )?table inet fw4\b/m,
    keep: 'cp -a /etc/config/firewall /root/firewall-before',
    where:
      'The configuration is /etc/config/firewall; what it has no word for goes into files of /etc/nftables.d, which stand within the table inet fw4.',
    apply: 'service firewall reload',
    back: 'cp -a /root/firewall-before /etc/config/firewall\nservice firewall reload',
  },
];

/** The program that made the tables of a text; `undefined` if none is recognised. */
export function keptNft(text: string): KeptNft | undefined {
  return programs.find(({ table }) => table.test(text));
}
