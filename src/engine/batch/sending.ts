import { type Batched, refusal, roomFor, unanswered, unasked, underWay } from '../../core/batch/book.js';
import { NOTHING } from '../../core/outcome/amount.js';
import { Failure } from '../../core/outcome/failure.js';
import { settle } from '../spending.js';
import { type Counter, unlessBusy } from './counter.js';
import { reserveBatch } from './money.js';
import { type Request, requestsOf } from './requests.js';
import { over } from './watching.js';

/** Most requests of a batch, and bytes of its file: well below what providers take, so that little is repeated. */
const MOST = { requests: 1_000, bytes: 20 * 1024 * 1024 };

/**
 * Sends what is to be asked and is not, and once more what came back without an answer: as much as may be paid for. The rest
 * waits until what is under way has told what it took; where nothing is, it is asked for directly.
 */
export async function sendNew(counter: Counter): Promise<void> {
  const { log, silent, count } = counter;
  const open = [...unasked(log.state, count), ...unanswered(log.state).map(({ k }) => k)].filter(
    (k) => !silent.has(k),
  );
  const left = new Set(open);
  const most = Math.min(MOST.requests, roomFor(log.state));
  for await (const chunk of chunksOf(counter, open, most)) {
    const sent = await sendWhatFits(counter, chunk);
    for (const { k } of sent) left.delete(k);
    if (refusal(log.state) !== undefined) return;
    if (sent.length === chunk.length) continue;
    if (underWay(log.state).length > 0) return;
    break;
  }
  for (const k of left) silent.add(k);
}

/** What was on record and was not taken, as far as is known: whoever recorded it fell silent, or was not heard. */
export async function sendAgain(counter: Counter): Promise<void> {
  for (const batch of underWay(counter.log.state))
    if (batch.id === undefined) await findOrSend(counter, batch);
}

async function* chunksOf(
  { lease, effects, batches }: Counter,
  ks: readonly (number | undefined)[],
  most: number,
): AsyncGenerator<readonly Request[]> {
  let chunk: Request[] = [];
  let bytes = 0;
  for await (const request of requestsOf(lease, effects, ks)) {
    const size = batches.sizeOf(request);
    if (chunk.length > 0 && (chunk.length === most || bytes + size > MOST.bytes)) {
      yield chunk;
      chunk = [];
      bytes = 0;
    }
    chunk.push(request);
    bytes += size;
  }
  if (chunk.length > 0) yield chunk;
}

/** As many of them as may still be paid for. @returns those */
async function sendWhatFits(counter: Counter, chunk: readonly Request[]): Promise<readonly Request[]> {
  const { log, purses, price, nameOf, effects } = counter;
  const n = log.state.batches.length + 1;
  const call = nameOf(n);
  // Somebody reserved it, and fell silent before it was on record.
  await settle(purses, { call, amount: NOTHING, unmade: true });
  let some = chunk;
  while (!(await reserveBatch(purses, call, some, price))) {
    if (some.length === 1) return [];
    some = some.slice(0, Math.floor(some.length / 2));
  }
  const requests = some.map(({ key, k }) => ({ key, ...(k !== undefined && { k }) }));
  let isMine = false;
  await log.append(({ batches }) => {
    isMine = batches.length + 1 === n;
    return isMine ? [{ row: 'batch', n, since: effects.clock.now(), requests }] : [];
  });
  // Somebody else goes on with it.
  if (!isMine) return [];
  await send(counter, log.state.batches[n - 1]!, some);
  return some;
}

/** The provider may have it. */
async function findOrSend(counter: Counter, batch: Batched): Promise<void> {
  const { lease, effects, batches, nameOf } = counter;
  const found = await refusable(counter, batch, () =>
    batches.find(nameOf(batch.n), batch.since, lease.signal).then((id) => ({ id })),
  );
  if (!found) return;
  if (found.id !== undefined) return taken(counter, batch, found.id);
  const requests: Request[] = [];
  for await (const one of requestsOf(
    lease,
    effects,
    batch.requests.map(({ k }) => k),
  ))
    requests.push(one);
  await send(counter, batch, requests);
}

async function send(counter: Counter, batch: Batched, requests: readonly Request[]): Promise<void> {
  const { lease, batches, nameOf, tell } = counter;
  if (requests.length === 0) return over(counter, batch, { unmade: batch.requests.length });
  tell(`sends a batch of ${requests.length.toLocaleString('en-US')}`);
  const id = await refusable(counter, batch, () => batches.send(nameOf(batch.n), requests, lease.signal));
  if (id !== undefined) await taken(counter, batch, id);
}

/** Where somebody else's was on record first, this one is of no use. */
async function taken({ log, batches }: Counter, { n }: Batched, id: string): Promise<void> {
  await log.append((book) => (book.batches[n - 1]?.id === undefined ? [{ row: 'batch-id', n, id }] : []));
  if (log.state.batches[n - 1]?.id !== id) await batches.cancel(id).catch(() => {});
}

/** Where the provider takes no batch, it is over: what it was about is asked for directly. */
async function refusable<T>(
  counter: Counter,
  batch: Batched,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await unlessBusy(work());
  } catch (error) {
    if (!(error instanceof Failure) || counter.lease.signal.aborted) throw error;
    await over(counter, batch, { unmade: batch.requests.length, why: error.message });
    return undefined;
  }
}
