/** The images that the lab builds, by name (one folder of lab/engine/images each). */
export const imageNames = ['client', 'firewall', 'vsftpd', 'proftpd', 'pure-ftpd'] as const;
export type ImageName = (typeof imageNames)[number];
