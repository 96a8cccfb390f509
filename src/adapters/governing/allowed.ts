import type { Limits } from '../../core/govern/lease.js';

/** What whoever runs a worker says of a model. */
export interface Allowance {
  /** Requests in any window. */
  readonly requests?: number;
  /** Tokens in any window, of questions and answers. */
  readonly tokens?: number;
  /** The window, ms; a minute unless said. */
  readonly perMs?: number;
  /** Calls at once. */
  readonly concurrency?: number;
  /** The model that is asked in its place while it cannot be. */
  readonly instead?: string;
}

/** By the names of models; `gpt-5*` is every name that begins so. The first that fits counts. */
export type Allowances = Readonly<Record<string, Allowance>>;

const MINUTE = 60_000;

export function allowanceOf(allowances: Allowances, model: string): Allowance {
  const fits = (pattern: string) =>
    pattern.endsWith('*') ? model.startsWith(pattern.slice(0, -1)) : model === pattern;
  return Object.entries(allowances).find(([pattern]) => fits(pattern))?.[1] ?? {};
}

export const limitsOf = ({ requests, tokens, perMs = MINUTE, concurrency }: Allowance): Limits => ({
  windowMs: perMs,
  ...(requests !== undefined && { requests }),
  ...(tokens !== undefined && { tokens }),
  ...(concurrency !== undefined && { concurrency }),
});

/** A model and those that may stand in for it, in order. */
export function chainOf(allowances: Allowances, model: string): readonly string[] {
  const chain = [model];
  for (;;) {
    const next = allowanceOf(allowances, chain.at(-1)!).instead;
    if (next === undefined || chain.includes(next)) return chain;
    chain.push(next);
  }
}
