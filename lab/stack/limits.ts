/** What no host needs more of, so that one that gets out of hand harms neither its neighbours nor the machine. */
export const limits = {
  /** Memory in MiB, files in {@link writableEverywhere} and page cache included; none of it is swapped. */
  memory: 1024,
  /** Processes and threads at a time. */
  processes: 512,
} as const;

/**
 * Where hosts may write, with the options of tmpfs(5): the rest of their files is read-only. A folder begins empty; lab-init
 * fills it if the image has something for it.
 */
export const writableEverywhere = { '/run': 'size=16m,mode=755', '/tmp': 'size=256m,mode=1777' };

/** The folder for uploads, on servers. */
export const writableOnServers = { '/srv/ftp/upload': 'size=256m,mode=755' };
