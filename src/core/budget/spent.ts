import type { Limit } from '../outcome/amount.js';
import type { Purse } from './purse.js';

/** What models took: of a run, with everything within it. */
export interface Spent {
  readonly calls: number;
  readonly tokens: number;
  /** US dollars, as far as prices are known. */
  readonly usd: number;
  /** Calls of which nobody said what they took: they count as was expected. */
  readonly guessed: number;
  /** Calls that began, and whose end nobody has told yet. */
  readonly open: number;
  /** Of the calls, those in batches; absent: none. */
  readonly batched?: number;
  /** Why a batch was not taken, in a sentence. */
  readonly unbatched?: string;
  /** Most that may be spent, with what it was raised by; absent: no limit. */
  readonly limit?: Limit;
}

/** Undefined where no model was called, and nothing is limited. */
export function spentFrom({
  calls,
  spent,
  reserved,
  guessed,
  open,
  limit,
  batched,
  unbatched,
}: Purse): Spent | undefined {
  const limited = Object.keys(limit).length > 0;
  if (calls === 0 && !limited && unbatched === undefined) return undefined;
  return {
    calls,
    tokens: spent.tokens + reserved.tokens,
    usd: spent.usd + reserved.usd,
    guessed,
    open: [...open.values()].reduce((all, { calls = 1 }) => all + calls, 0),
    ...(batched > 0 && { batched }),
    ...(unbatched !== undefined && { unbatched }),
    ...(limited && { limit }),
  };
}
