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
export { anywhere, cidr, computer, external, internal, subnet } from './peers.ts';
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
  publish,
  type RuleSetOptions,
  route,
  ruleSet,
} from './rules.ts';
