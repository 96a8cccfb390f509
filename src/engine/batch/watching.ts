import { type Batched, underWay } from '../../core/batch/book.js';
import { type Amount, NOTHING } from '../../core/outcome/amount.js';
import { Failure } from '../../core/outcome/failure.js';
import type { BatchOverRow } from '../../core/outcome/rows.js';
import type { Said } from '../../core/outcome/said.js';
import type { Came } from '../../ports/batches.js';
import { settle } from '../spending.js';
import { type Counter, unlessBusy } from './counter.js';
import { tookOf } from './money.js';

/** Answers that are put on record together. */
const TOGETHER = 100;

/** Looks at all that was sent, and takes in what has come. Says whether something is over that was not. */
export async function lookAt(counter: Counter): Promise<boolean> {
  const { log, tell } = counter;
  let isNew = false;
  let answered = 0;
  const open = underWay(log.state);
  for (const batch of open) {
    const standing = await standingOf(counter, batch);
    if (!standing) continue;
    answered += standing.answered;
    if (!standing.isOver) continue;
    isNew = (await takeIn(counter, batch, standing.refused)) || isNew;
  }
  const all = open.reduce((sum, { requests }) => sum + requests.length, 0);
  const digits = (n: number) => n.toLocaleString('en-US');
  tell(`batch: ${digits(answered)} of ${digits(all)} answered`);
  return isNew;
}

async function standingOf({ batches, lease }: Counter, { id }: Batched) {
  if (id === undefined) return undefined;
  try {
    return await unlessBusy(batches.look(id, lease.signal));
  } catch (error) {
    if (!(error instanceof Failure) || lease.signal.aborted) throw error;
    return { isOver: true, answered: 0, refused: error.message };
  }
}

/** Says whether that could be done now. */
async function takeIn(counter: Counter, batch: Batched, refused: string | undefined): Promise<boolean> {
  const { batches, lease, log, purses, price, nameOf } = counter;
  if (refused !== undefined) {
    await over(counter, batch, { unmade: batch.requests.length, why: refused });
    return true;
  }
  const came = await unlessBusy(batches.answers(batch.id!, lease.signal));
  if (!came) return false;
  const own = new Set(batch.requests.map(({ key }) => key));
  const said = new Map(came.filter((one) => own.has(one.key)).flatMap(saidBy));
  const never = came.flatMap((one) => ('again' in one && !one.again && own.has(one.key) ? [one.key] : []));
  await keep(counter, [...said]);
  const held = purses[0]?.state.open.get(nameOf(batch.n)) ?? NOTHING;
  const { took, guessed } = tookOf([...said.values()], price, part(held, batch.requests.length));
  await over(counter, batch, {
    unmade: batch.requests.length - said.size,
    took,
    ...(guessed && { guessed }),
    ...(never.length > 0 && { never }),
  });
  await batches.forget(batch.id!).catch(() => {});
  return log.state.batches[batch.n - 1]?.over !== undefined;
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
  how: Pick<BatchOverRow, 'unmade' | 'why' | 'never' | 'guessed'> & { readonly took?: Amount },
): Promise<void> {
  const { took = NOTHING, unmade, guessed, why } = how;
  await settle(purses, {
    ...{ call: nameOf(n), amount: took, unmade },
    ...(guessed && { guessed }),
    ...(why !== undefined && { why }),
  });
  await log.append(({ batches }) => (batches[n - 1]?.over ? [] : [{ row: 'batch-over', n, ...how, took }]));
}

/** Nobody waits any longer for what was sent. What a provider took nobody knows the cost of; what it never did has none. */
export async function giveUp(counter: Counter): Promise<void> {
  const { log, batches, purses, nameOf } = counter;
  const open = underWay(log.state);
  await Promise.all(
    open.map(({ id }) => (id === undefined ? undefined : batches.cancel(id).catch(() => {}))),
  );
  for (const batch of open) {
    if (batch.id === undefined) {
      await over(counter, batch, { unmade: batch.requests.length });
      continue;
    }
    const took = purses[0]?.state.open.get(nameOf(batch.n)) ?? NOTHING;
    await over(counter, batch, { unmade: 0, took: { tokens: took.tokens, usd: took.usd }, guessed: true });
  }
}
