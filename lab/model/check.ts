export type { Check } from './result/checks.ts';
