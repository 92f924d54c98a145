/** Exit statuses of every command. */
export const exitStatus = {
  asExpected: 0,
  /** Something differs from what was expected, or could not be decided. */
  differs: 1,
  /** A mistake on the command line or in a file that it names, or nothing to run. */
  usage: 2,
  /** This machine cannot run the lab, or the lab failed. */
  environment: 3,
  /** 128 + SIGINT, as shells report it. */
  interrupted: 130,
} as const;
