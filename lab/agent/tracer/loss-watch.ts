/** What {@link lossWatch} asks of whoever keeps the packets that are on their way. */
export interface OnTheirWay {
  /** Whether there are none. */
  readonly idle: boolean;
  /** Whether one has been on its way for so long that it may be lost. */
  readonly waiting: boolean;
}

/**
 * A packet that does not leave the firewall leaves no line in the trace: a bookmark, sent a little later, shows that none will come.
 * Call what this returns whenever a line has come; it calls `putBookmark` once a packet may be lost, `after` milliseconds later at
 * the earliest, and goes on looking while packets are on their way.
 */
export function lossWatch(packets: OnTheirWay, putBookmark: () => void, after: number): () => void {
  let looking: NodeJS.Timeout | undefined;
  const look = () => {
    if (looking || packets.idle) return;
    looking = setTimeout(() => {
      looking = undefined;
      if (packets.waiting) putBookmark();
      else look();
    }, after);
  };
  return look;
}
