/** One version of an image, as an engine has it. */
export interface ImageVersion {
  /** What it is a version of. */
  readonly image: string;
  /** When it was last used, or made if that is not known, in milliseconds since the epoch. */
  readonly usedAt: number;
  /** Whether a lab stands on it, or this version of the program needs it. */
  readonly needed: boolean;
}

/** Whoever goes back to another version of the program, or works on two, finds so many of its images. */
const keptOfEach = 3;

/** What was used within this time stays in any case, in milliseconds: a day. */
const recently = 24 * 3_600_000;

/** The versions that may be removed: neither needed nor used within a day nor among the newest three of their image. */
export function outdated<Version extends ImageVersion>(versions: readonly Version[], now: number): Version[] {
  const newestFirst = [...versions].sort((one, other) => other.usedAt - one.usedAt);
  const met = new Map<string, number>();
  return newestFirst.filter(({ image, usedAt, needed }) => {
    const newer = met.get(image) ?? 0;
    met.set(image, newer + 1);
    return !needed && newer >= keptOfEach && now - usedAt > recently;
  });
}
