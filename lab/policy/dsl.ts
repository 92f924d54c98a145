/**
 * How rule sets are written:
 *
 * ```ts
 * export default ruleSet({
 *   name: 'uploads-to-vsftpd',
 *   description: 'FTP with uploads, to one server.',
 *   both: {
 *     networkRule: route(),
 *     accessRules: [
 *       allow('FTP to vsftpd', { protocols: [ftp], from: [internal], to: [computer('vsftpd')], ftpReadOnly: false }),
 *     ],
 *   },
 * });
 * ```
 */
import { shipped } from '../network/shipped.ts';
import { languageOf, type Shipped } from './language.ts';

export { defineNetwork, type Language, languageOf } from './language.ts';
export { anywhere, cidr, external, internal } from './peers.ts';
export {
  ftp,
  ftpControl,
  ftpServer,
  ftpServerControl,
  inbound,
  outbound,
  type ProtocolOptions,
  protocol,
  tcp,
  tcpRange,
} from './protocols.ts';
export {
  type AccessRuleOptions,
  allow,
  deny,
  nat,
  type PublishingRuleOptions,
  type RuleSetOptions,
  route,
} from './rules.ts';

/** The language with the names of the shipped network; {@link languageOf} has that of another one. */
export const { computer, publish, ruleSet, subnet } = languageOf<Shipped>(shipped);
