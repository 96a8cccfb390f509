import { amountOf, type Price, type Prices } from '../core/budget/prices.js';
import { mayBegin, type Purse } from '../core/budget/purse.js';
import { amountInWords, spentOf } from '../core/budget/words.js';
import { type Amount, NOTHING } from '../core/outcome/amount.js';
import { Failure, type FailureType } from '../core/outcome/failure.js';
import type { SettledRow } from '../core/outcome/rows.js';
import { expected, likely } from '../core/plan/callCost.js';
import type { AskWork } from '../core/plan/render.js';
import type { Clock } from '../ports/clock.js';
import type { Effect, Executor, Task } from '../ports/executor.js';
import { pause } from './pause.js';
import type { PurseLog } from './purses.js';

/*
 * A call of a model, within what may be spent. It is reserved in every purse that it is to be paid from before it is made, and
 * settled in each when it has ended (core/budget/purse).
 */

export interface Spending {
  /** The nearest first. */
  readonly purses: () => Promise<readonly PurseLog[]>;
  readonly prices: Prices | undefined;
  readonly clock: Clock;
  /** Whether what it is for has begun already. */
  readonly begun: () => boolean;
  /** Whether it can wait until somebody gives more. */
  readonly waits: boolean;
  /** A name for a call that no other has. */
  readonly name: () => string;
}

/** Between two looks at whether what others reserved is free by now, ms. */
const LOOK_MS = 300;
/** What nobody hears of any more is not waited for without end, ms; an integrator is in a hurry. */
const LONGEST_MS = { unit: 15 * 60_000, integrator: 60_000 } as const;
/** Until it is asked again whether somebody raised the limit, ms. */
const RAISE_MS = 15_000;

/** @returns `ask`, which asks nobody where that would spend too much: Failure `OverBudget` */
export function within(spending: Spending, ask: Executor<AskWork>): Executor<AskWork> {
  const { purses, prices = {}, clock, waits, name } = spending;
  let made = false;
  return async (task) => {
    const chain = await purses();
    const call = name();
    const price = prices[task.work.model];
    const amount = expected(task.work, price);
    if (!price && chain.some(({ state }) => state.limit.usd !== undefined)) throw noPrice(task);
    const priceFor = ({ asked }: { readonly asked?: string }): Cost => costOf(prices, task.work.model, asked);
    const begun = made || spending.begun();
    await reserve(chain, { call, amount }, { begun, waits }, task, clock);
    made = true;
    try {
      const effect = await ask(task);
      await settle(chain, { call, ...tookOf(task.work, effect, priceFor(effect)) });
      return effect;
    } catch (error) {
      await settle(chain, { call, ...tookInVain(error, amount, priceFor) });
      throw error;
    }
  };
}

/** Why a call would wait until somebody raises a limit; undefined where it may be asked, or would not wait for that. */
export async function heldStill(
  { purses, prices = {}, begun }: Pick<Spending, 'purses' | 'prices' | 'begun'>,
  work: AskWork,
  label: string,
): Promise<Failure | undefined> {
  const amount = expected(work, prices[work.model]);
  for (const log of await purses()) {
    await log.readOn();
    const why = mayBegin(log.state, amount, { begun: begun() });
    if (log.state.pause && (why === 'no' || why === 'not any more'))
      return overBudget(label, log.state, amount, { why, waits: true });
  }
  return undefined;
}

async function reserve(
  chain: readonly PurseLog[],
  { call, amount }: { readonly call: string; readonly amount: Amount },
  how: { readonly begun: boolean; readonly waits: boolean },
  task: Task,
  clock: Clock,
): Promise<void> {
  const done: PurseLog[] = [];
  try {
    for (const log of chain) {
      await reserveIn(log);
      done.push(log);
    }
  } catch (error) {
    await settle(done, { call, amount: NOTHING, unmade: true });
    throw error;
  }

  async function reserveIn(log: PurseLog): Promise<void> {
    const until = clock.now() + LONGEST_MS[how.waits ? 'unit' : 'integrator'];
    for (;;) {
      let may = 'yes' as May;
      await log.append((purse) => {
        if (purse.open.has(call)) return [];
        may = mayBegin(purse, amount, how);
        return may === 'yes' ? [{ row: 'reserved', call, amount }] : [];
      });
      if (may === 'yes') return;
      const why = clock.now() >= until && isLater(may) ? 'no' : may;
      if (!isLater(why)) throw overBudget(task.label, log.state, amount, { why, ...how });
      const ended = task.waits?.(WAITS);
      task.progress({ note: WAITS });
      await pause(LOOK_MS, clock, task.signal).finally(ended);
    }
  }
}

type May = ReturnType<typeof mayBegin>;
const isLater = (may: May): may is 'later' => may === 'later';
const WAITS = 'waits for what others spend';

export const settle = (chain: readonly PurseLog[], said: Omit<SettledRow, 'row'>): Promise<unknown> =>
  Promise.all(
    chain.map((log) => log.append(({ open }) => (open.has(said.call) ? [{ row: 'settled', ...said }] : []))),
  );

/** What tokens cost; `guessed`: nobody knows that of the model that stood in, and it is reckoned as the one it stood in for. */
interface Cost {
  readonly price: Price | undefined;
  readonly guessed?: true;
}
function costOf(prices: Prices, model: string, asked = model): Cost {
  if (prices[asked]) return { price: prices[asked] };
  const price = prices[model];
  return { price, ...(price && { guessed: true }) };
}

type Took = Pick<SettledRow, 'amount' | 'guessed' | 'unmade'>;

/** What it told of; where it told nothing, what its length makes likely. */
function tookOf(work: AskWork, { usage, output, calls }: Effect, { price, ...guessed }: Cost): Took {
  const told = amountOf(usage, price);
  if (told) return { amount: told, ...guessed };
  const text = 'text' in output ? output.text : JSON.stringify(output.value);
  const said = calls ? `${text}${JSON.stringify(calls)}` : text;
  return { amount: likely(work, said, price), guessed: true };
}

/** Of a call that failed: what it told of, nothing where it was not made or not carried out, else all that was reserved. */
function tookInVain(
  error: unknown,
  reserved: Amount,
  priceFor: (how: { readonly asked?: string }) => Cost,
): Took {
  if (!(error instanceof Failure)) return { amount: reserved, guessed: true };
  const { detail, type } = error;
  if (detail.unbegun) return { amount: NOTHING, unmade: true };
  const { price, ...guessed } = priceFor(detail);
  const told = amountOf(detail.usage, price);
  if (told) return { amount: told, ...guessed };
  const nothing = NOT_CARRIED_OUT.has(type) && detail.partial === undefined;
  return nothing ? { amount: NOTHING } : { amount: reserved, guessed: true };
}

/** Providers charge nothing for these, unless something of an answer had come. */
const NOT_CARRIED_OUT: ReadonlySet<FailureType> = new Set<FailureType>([
  'ModelRateLimited',
  'ModelUnavailable',
  'ModelAuth',
  'InvalidInput',
]);

const noPrice = ({ label, work: { model } }: Task<AskWork>): Failure =>
  new Failure(
    'InvalidInput',
    `${label}: nobody knows what \`${model}\` costs, and the budget is in dollars. Say it under \`prices\` of the plan.`,
  );

function overBudget(
  label: string,
  { limit, soft, pause, spent, reserved }: Purse,
  amount: Amount,
  { why, waits }: { readonly why: 'no' | 'not any more'; readonly waits: boolean },
): Failure {
  const kept = reserved.tokens > 0 ? `, ${amountInWords(reserved)} kept for calls under way` : '';
  const has = `${spentOf(spent, limit)} spent${kept}`;
  const what =
    why === 'no'
      ? `${label} is over budget: ${has}, and its next call may take ${amountInWords(amount)}.`
      : `${label} was not begun: ${has}, above the ${Math.round((soft ?? 1) * 100)} % from which nothing new begins.`;
  const held = pause && waits;
  const next = held
    ? 'It waits until somebody raises it with `muster budget`.'
    : 'Raise the budget and run it again: what was delivered is used again.';
  return new Failure('OverBudget', `${what} ${next}`, held ? { retryAfterMs: RAISE_MS, held } : {});
}

/** Something of it took place already, and would take place again: it does not wait for more. */
export function notHeld(error: unknown): unknown {
  if (!(error instanceof Failure) || !error.detail.held) return error;
  const { held: _, retryAfterMs: __, ...detail } = error.detail;
  return new Failure(error.type, error.message, detail);
}

/** Calls of somebody who fell silent: nobody will hear of them again. */
export const settleLost = (chain: readonly PurseLog[], isLost: (call: string) => boolean): Promise<unknown> =>
  Promise.all(
    chain.map((log) =>
      log.append(({ open }) =>
        [...open].flatMap(([call, amount]) =>
          isLost(call) ? [{ row: 'settled', call, amount, guessed: true }] : [],
        ),
      ),
    ),
  );
