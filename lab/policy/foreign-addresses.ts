import ipaddr from 'ipaddr.js';
import { type AddressPlan, overlaps } from '../network/address-plan.ts';
import { readTables } from './iptables-save.ts';
import { valuesOf, words } from './iptables-syntax.ts';

/** A rule that names an address which nobody in the lab has. */
export interface ForeignAddress {
  readonly line: number;
  readonly address: string;
}

/**
 * Sources and destinations (`-s`, `-d`) in iptables-save text that hold no address of the plan, so that what the rule
 * says of them never happens here. Addresses after `!`, in sets and in ranges are not looked at.
 */
export function foreignAddresses(text: string, plan: AddressPlan): ForeignAddress[] {
  return readTables(text).flatMap(({ rules }) =>
    rules.flatMap(({ line, text: rule }) => {
      const options = (words(rule) ?? []).filter((_word, index, all) => all[index - 1] !== '!');
      const named = [...valuesOf(options, '-s', '--source'), ...valuesOf(options, '-d', '--destination')];
      return named
        .flatMap((list) => list.split(','))
        .filter((address) => isForeign(address, plan))
        .map((address) => ({ line, address }));
    }),
  );
}

function isForeign(address: string, plan: AddressPlan): boolean {
  const [host = '', prefix = '32'] = address.split('/');
  if (!ipaddr.IPv4.isValidFourPartDecimal(host)) return false;
  // iptables-save(8) writes prefix lengths; a mask of another form is left alone.
  if (!/^\d+$/.test(prefix)) return false;
  return Object.values(plan.subnets).every((subnet) => !overlaps(subnet, `${host}/${prefix}`));
}
