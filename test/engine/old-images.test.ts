import { expect, it } from 'vitest';
import { type ImageVersion, outdated } from '../../lab/engine/old-images.ts';

const hour = 3_600_000;
const now = 1_000 * hour;

function version(image: string, hoursAgo: number, needed = false): ImageVersion {
  return { image, usedAt: now - hoursAgo * hour, needed };
}

it('removes what is neither needed nor new, image by image', () => {
  const old = [version('vsftpd', 300), version('vsftpd', 400)];
  const kept = [
    ...[version('vsftpd', 1), version('vsftpd', 50), version('vsftpd', 60), version('vsftpd', 500, true)],
    ...[version('client', 900), version('client', 901), version('client', 902)],
  ];
  expect(outdated([...old, ...kept], now)).toEqual(old);
});

it('keeps all that was used within a day, however many', () => {
  expect(
    outdated(
      [1, 2, 3, 4, 5, 23].map((hours) => version('base', hours)),
      now,
    ),
  ).toEqual([]);
});
