import { type Batched, underWay } from '../../core/batch/book.js';
import { type Amount, NOTHING } from '../../core/outcome/amount.js';
import { Failure } from '../../core/outcome/failure.js';
import type { BatchOverRow } from '../../core/outcome/rows.js';
import type { Said } from '../../core/outcome/said.js';
import type { BatchStanding, Came } from '../../ports/batches.js';
import { settle } from '../spending.js';
import { type Counter, unlessBusy } from './counter.js';
import { tookOf } from './money.js';

/** A run that is cancelled waits no longer than that to hear what became of a batch, ms. */
const FIND_MS = 4_000;
/** Answers that are put on record together. */
const TOGETHER = 100;

/** Looks at all that was sent, and takes in what has come. Says whether there may be more to send. */
export async function lookAt(counter: Counter): Promise<boolean> {
  const { log, tell, batches, lease } = counter;
  let isNew = false;
  let answered = 0;
  let sent = 0;
  const open = underWay(log.state);
  for (const batch of open) {
    if (batch.id === undefined) continue;
    sent += batch.requests.length;
    const standing = await heard(counter, batch, batches.look(batch.id, lease.signal));
    if (standing?.isOver) await takeIn(counter, { ...batch, id: batch.id }, standing);
    answered += standing?.answered ?? 0;
    const how = log.state.batches[batch.n - 1]?.over;
    isNew ||= how !== undefined && !how.noRoom;
  }
  const digits = (n: number) => n.toLocaleString('en-US');
  if (sent > 0) tell(`batch: ${digits(answered)} of ${digits(sent)} answered`);
  else if (open.length > 0) tell('batch: its provider does not take it yet');
  return isNew || underWay(log.state).length === 0;
}

/** What a provider says of a batch. Where it never will, nobody hears of that any more. */
async function heard<T>(counter: Counter, batch: Batched, asked: Promise<T>): Promise<T | undefined> {
  try {
    return await unlessBusy(asked);
  } catch (error) {
    if (!(error instanceof Failure) || counter.lease.signal.aborted) throw error;
    await lose(counter, batch, error.message);
    return undefined;
  }
}

async function takeIn(
  counter: Counter,
  batch: Batched & { readonly id: string },
  { refused, noRoom }: BatchStanding,
): Promise<void> {
  const { batches, lease, purses, price, nameOf } = counter;
  if (refused === undefined) {
    const came = await heard(counter, batch, batches.answers(batch.id, lease.signal));
    if (!came) return;
    const own = new Set(batch.requests.map(({ key }) => key));
    const said = new Map(came.filter((one) => own.has(one.key)).flatMap(saidBy));
    const never = came.flatMap((one) => ('again' in one && !one.again && own.has(one.key) ? [one.key] : []));
    await keep(counter, [...said]);
    const held = purses[0]?.state.open.get(nameOf(batch.n)) ?? NOTHING;
    const { took, guessed } = tookOf([...said.values()], price, part(held, batch.requests.length));
    await over(counter, batch, {
      unmade: batch.requests.length - said.size,
      took,
      ...(guessed > 0 && { guessed }),
      ...(never.length > 0 && { never }),
    });
  } else {
    const unmade = batch.requests.length;
    await over(counter, batch, { unmade, ...(noRoom && unmade > 1 ? { noRoom } : { why: refused }) });
  }
  await batches.forget(batch.id).catch(() => {});
}

const saidBy = (one: Came): [string, Said][] => ('said' in one ? [[one.key, one.said]] : []);
const part = ({ tokens, usd }: Amount, n: number): Amount => ({ tokens: tokens / n, usd: usd / n });

async function keep({ log }: Counter, said: readonly [string, Said][]): Promise<void> {
  for (let i = 0; i < said.length; i += TOGETHER) {
    const some = said.slice(i, i + TOGETHER);
    await log.append((book) => {
      const open = some.filter(([key]) => !book.said.has(key));
      return open.length > 0 ? [{ row: 'said', said: Object.fromEntries(open) }] : [];
    });
  }
}

/** A batch is over, and paid for. */
export async function over(
  { log, purses, nameOf }: Counter,
  { n }: Batched,
  how: Pick<BatchOverRow, 'unmade' | 'why' | 'never' | 'guessed' | 'noRoom'> & { readonly took?: Amount },
): Promise<void> {
  const { took = NOTHING, unmade, guessed, why } = how;
  await settle(purses, {
    ...{ call: nameOf(n), amount: took, unmade },
    ...(guessed && { guessed }),
    ...(why !== undefined && { why }),
  });
  await log.append(({ batches }) => (batches[n - 1]?.over ? [] : [{ row: 'batch-over', n, ...how, took }]));
}

/** Nobody waits any longer for what was sent. What a provider never took has no cost. */
export async function giveUp(counter: Counter): Promise<void> {
  await Promise.all(
    underWay(counter.log.state).map(async (batch) => {
      const id = batch.id ?? (await foundAtLast(counter, batch));
      if (id === undefined) await over(counter, batch, { unmade: batch.requests.length });
      else await lose(counter, { ...batch, id });
    }),
  );
}

/** How a provider calls what may have been on its way to it when whoever sent it was stopped. */
const foundAtLast = ({ batches, nameOf }: Counter, { n, since }: Batched): Promise<string | undefined> =>
  batches.find(nameOf(n), since, AbortSignal.timeout(FIND_MS)).catch(() => undefined);

/** Nobody will hear of it any more, and what a provider took for it nobody knows. */
async function lose(counter: Counter, batch: Batched, why?: string): Promise<void> {
  const { batches, purses, nameOf } = counter;
  if (batch.id !== undefined) await batches.cancel(batch.id).catch(() => {});
  const { tokens, usd } = purses[0]?.state.open.get(nameOf(batch.n)) ?? NOTHING;
  const how = { unmade: 0, took: { tokens, usd }, guessed: true, ...(why !== undefined && { why }) } as const;
  await over(counter, batch, how);
}
