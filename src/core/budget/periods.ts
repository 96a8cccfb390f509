import type { Limit } from '../outcome/amount.js';

/** By the clock of a schedule's time zone. */
export const PERIODS = ['day', 'month'] as const;
export type Period = (typeof PERIODS)[number];

/** What models of all runs of a schedule may cost together. */
export interface ScheduleBudget {
  readonly limit: Limit;
  readonly per: Period;
}
