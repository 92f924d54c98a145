// wrong.ts
import { allow, computer, external, ftp, internal, route, ruleSet } from 'isa-ftp-lab';

// @ts-expect-error there is no such host
computer('vsftp');
// @ts-expect-error a rule says from where
allow('FTP', { protocols: [ftp], to: [external] });
// @ts-expect-error it is ftpReadOnly
allow('FTP', { protocols: [ftp], from: [internal], to: [external], readOnly: false });
// @ts-expect-error each firewall has a policy
ruleSet({ name: 'half', description: '', firewalls: { 'isa-x': { networkRule: route(), accessRules: [] } } });
