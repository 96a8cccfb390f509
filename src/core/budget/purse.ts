import { type Amount, isWithin, type Limit, minus, NOTHING, plus, share } from '../outcome/amount.js';
import type { PurseRow, RaisedRow, ReservedRow, Row, SettledRow } from '../outcome/rows.js';

/*
 * What a run, a brief or a schedule may spend, and has: the fold of a log that whoever calls a model writes to.
 *  1. A call is on record before it is made, with what it is expected to take. It begins only where that, with what was
 *     spent and what is reserved for calls under way, is within the limit.
 *  2. Once it has ended, what it took takes the place of what was reserved, whatever that is: so what is spent is never
 *     more than the limit and what calls that were under way took beyond what was expected.
 *  3. A call of which nobody heard again stays reserved: nobody knows what it took.
 *  4. The first row of each kind about a call counts.
 */
export interface Purse {
  readonly limit: Limit;
  /** From which share of the limit on nothing new begins; absent: all of it may be used. */
  readonly soft?: number;
  /** At the limit it waits for a raise; absent: what would spend more is over budget. */
  readonly pause?: true;
  /** What is spent here is spent there as well. */
  readonly above?: PurseRow['above'];
  readonly isOpen: boolean;
  readonly spent: Amount;
  /** Of all that have begun. */
  readonly calls: number;
  /** Of those that ended, without a word on what they took: what they were expected to. */
  readonly guessed: number;
  readonly reserved: Amount;
  /** Calls under way, and those nobody heard of again. */
  readonly open: ReadonlyMap<string, Open>;
  readonly raises: ReadonlySet<string>;
  /** Of the calls, those in batches. */
  readonly batched: number;
  /** Why a batch was not taken: the first. */
  readonly unbatched?: string;
}
interface Open extends Amount {
  readonly calls?: number;
}

export const EMPTY_PURSE: Purse = {
  ...{ limit: {}, isOpen: false, spent: NOTHING, calls: 0, guessed: 0, reserved: NOTHING },
  batched: 0,
  ...{ open: new Map(), raises: new Set() },
};

export function foldPurse(purse: Purse, row: Row): Purse {
  switch (row.row) {
    case 'purse':
      return purse.isOpen ? purse : opened(purse, row);
    case 'reserved':
      return purse.open.has(row.call) ? purse : reserved(purse, row);
    case 'settled':
      return settled(purse, row);
    case 'raised':
      return purse.raises.has(row.raise) ? purse : raised(purse, row);
    default:
      return purse;
  }
}

const opened = (purse: Purse, { limit, soft, pause, above }: PurseRow): Purse => ({
  ...purse,
  ...{ isOpen: true, limit },
  ...(soft !== undefined && { soft }),
  ...(pause && { pause }),
  ...(above && { above }),
});

const reserved = (purse: Purse, { call, amount, calls }: ReservedRow): Purse => ({
  ...purse,
  calls: purse.calls + (calls ?? 1),
  batched: purse.batched + (calls ?? 0),
  reserved: plus(purse.reserved, amount),
  open: new Map([...purse.open, [call, { ...amount, ...(calls !== undefined && { calls }) }]]),
});

function settled(purse: Purse, { call, amount, guessed, unmade, why }: SettledRow): Purse {
  const held = purse.open.get(call);
  if (!held) return purse;
  const open = new Map(purse.open);
  open.delete(call);
  const calls = held.calls ?? 1;
  const wereNot = unmade === true ? calls : (unmade ?? 0);
  return {
    ...purse,
    open,
    reserved: open.size === 0 ? NOTHING : minus(purse.reserved, held),
    spent: plus(purse.spent, amount),
    calls: purse.calls - wereNot,
    batched: purse.batched - (held.calls === undefined ? 0 : wereNot),
    guessed: purse.guessed + (guessed === true ? calls - wereNot : (guessed ?? 0)),
    ...(why !== undefined && { unbatched: purse.unbatched ?? why }),
  };
}

const raised = (purse: Purse, { raise, limit }: RaisedRow): Purse => ({
  ...purse,
  limit: { ...purse.limit, ...limit },
  raises: new Set([...purse.raises, raise]),
});

/**
 * Whether a call that is expected to take so much may begin. `later`: not before others have ended.
 * @param begun whether it goes on with what has begun: the soft limit is none for that
 */
export function mayBegin(
  { limit, soft, spent, reserved }: Purse,
  amount: Amount,
  { begun }: { readonly begun: boolean },
): 'yes' | 'later' | 'no' | 'not any more' {
  const bound = soft === undefined || begun ? limit : share(limit, soft);
  if (isWithin(plus(plus(spent, reserved), amount), bound)) return 'yes';
  if (isWithin(plus(spent, amount), bound)) return 'later';
  return bound === limit ? 'no' : 'not any more';
}
