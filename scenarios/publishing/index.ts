import type { Scenario } from '../../lab/model/scenario.ts';
import { publishedActiveBack } from './published-active-back.ts';
import { publishedFtps } from './published-ftps.ts';
import { publishedFtpsWithFilter } from './published-ftps-with-filter.ts';
import { publishedOn2121 } from './published-on-2121.ts';
import { publishedOn2121WithoutFilter } from './published-on-2121-without-filter.ts';
import { publishedRange } from './published-range.ts';
import { publishedRangeOutsideAddress } from './published-range-outside-address.ts';
import { publishedReadOnly } from './published-read-only.ts';
import { publishedRouted } from './published-routed.ts';
import { publishedSourceReplaced } from './published-source-replaced.ts';
import { publishedSourceReplacedWithFilter } from './published-source-replaced-with-filter.ts';
import { publishedToNatWithoutFilter } from './published-to-nat-without-filter.ts';
import { publishedWithFilter } from './published-with-filter.ts';
import { publishedWithFilterOutsideAddress } from './published-with-filter-outside-address.ts';
import { publishedWithoutFilter } from './published-without-filter.ts';

/** Servers of one's own, to which others upload from outside: what isa-y publishes of Y's servers. */
export const publishingScenarios: readonly Scenario[] = [
  publishedWithFilter,
  publishedReadOnly,
  publishedWithoutFilter,
  publishedRange,
  publishedRangeOutsideAddress,
  publishedWithFilterOutsideAddress,
  publishedOn2121,
  publishedOn2121WithoutFilter,
  publishedFtps,
  publishedFtpsWithFilter,
  publishedSourceReplaced,
  publishedSourceReplacedWithFilter,
  publishedActiveBack,
  publishedRouted,
  publishedToNatWithoutFilter,
];
