/*
 * The colours of everything drawn for browsers, as CSS variables: ink on paper, lines, and a colour per kind of
 * outcome. Each text colour has a contrast of at least 4.5 to the paper (WCAG 2.2, 1.4.3).
 */

const light =
  '--paper:#fff;--panel:#f5f6f8;--ink:#1b1f24;--faint:#5a6270;--line:#b9c0ca;--accent:#0b5cad;--wall:#a33b12;--good:#1a6b33;--bad:#b3141d;--good-fill:#d9f0df;--calm-fill:#e9ecf0;--bad-fill:#fbd9da;--mark:#fff1c2';
const dark =
  '--paper:#14171b;--panel:#1d2127;--ink:#e6e9ee;--faint:#a2abb8;--line:#4a525e;--accent:#7db8f5;--wall:#f2a07b;--good:#7fd698;--bad:#ff9a9f;--good-fill:#173c24;--calm-fill:#2a3038;--bad-fill:#5a1a1f;--mark:#4a3c0c';

/** CSS that gives `selector` these colours, light or dark as the reader's system is set. */
export function themeOf(selector: string): string {
  return `${selector}{${light};color-scheme:light dark}@media (prefers-color-scheme:dark){${selector}{${dark}}}@media print{${selector}{${light};color-scheme:light}}`;
}
