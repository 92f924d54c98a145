/** The closed list of causes. `none` means that the upload arrived intact. */
export const causes = [
  'none',
  'control-dropped',
  'control-refused',
  'login-denied',
  'data-dropped',
  'data-refused',
  'pasv-address-unroutable',
  'pasv-address-rejected-by-client',
  'port-command-refused',
  'command-refused-by-firewall',
  'command-refused-by-server',
  'quota-exceeded',
  'stalled-mid-transfer',
  'control-idle-cut',
  'tls-refused-by-firewall',
  'tls-session-reuse-required',
  'content-mismatch',
  'lab-bypassed',
  'inconclusive',
] as const;
export type Cause = (typeof causes)[number];
