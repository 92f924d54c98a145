import pLimit from 'p-limit';
import { expect, it, vi } from 'vitest';
import { diagnosisText } from '../../lab/report/text/diagnosis.ts';
import { behaviours } from './behaviours.ts';
import { password, tryBehaviour } from './try-behaviour.ts';

// They wait for the network, many at a time. A machine that stands still for longer than the patience is no server's doing.
vi.setConfig({ testTimeout: 300_000, maxConcurrency: 1000 });

const patienceMs = 4000;
const atOnce = pLimit(24);

it.concurrent.each(behaviours)('diagnose and a server that $name', { retry: 2 }, (behaviour) =>
  atOnce(async () => {
    const { diagnosis, found, ms } = await tryBehaviour(behaviour, patienceMs);
    const [mode] = diagnosis.modes;
    if (behaviour.finds !== 'any') expect(found).toBe(behaviour.finds);
    if (behaviour.says) expect(`${mode?.known} ${mode?.open}`).toMatch(behaviour.says);
    const text = diagnosisText(diagnosis, { width: 100, color: false });
    // What a terminal takes for an order: control characters, and marks that turn, hide or break text.
    expect(`${text} ${JSON.stringify(diagnosis)}`).not.toMatch(
      /(?!\n)[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}\u200b\u2060\ufeff]/u,
    );
    expect(`${text} ${JSON.stringify(diagnosis)}`.toLowerCase()).not.toContain(password);
    expect(ms).toBeLessThan(3 * patienceMs + 5000);
  }),
);
