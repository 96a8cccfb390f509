import type { Digest } from '../core/outcome/canonical.js';
import type { UnitState } from '../core/outcome/fold.js';
import type { Reason, Ref, Usage, Verdict } from '../core/outcome/outcome.js';
import { redactedIn } from '../core/outcome/redacted.js';
import type { InputsRow, OutcomeRow } from '../core/outcome/rows.js';
import type { Store } from '../ports/store.js';
import { type Encoded, INLINE_LIMIT, putBytes } from './artifacts.js';
import type { Ended, Lease } from './lease.js';
import type { Log, Put } from './log.js';
import { latestRound } from './rounds.js';
import type { Next } from './tries.js';

/** What is to be said of a try, or of a brief that had none (`number` 0). Times are ms since the epoch. */
export interface Outcome {
  readonly brief: string;
  readonly key?: string;
  readonly number: number;
  readonly verdict: Verdict;
  readonly next: Next;
  readonly reason?: Reason;
  readonly output?: Encoded;
  readonly fallback?: OutcomeRow['fallback'];
  readonly askFirst?: OutcomeRow['askFirst'];
  readonly usage?: Usage;
  readonly voted?: OutcomeRow['voted'];
  readonly several?: OutcomeRow['several'];
  readonly started: number;
  readonly ended: number;
  /** Recorded with it, where it has not been yet. */
  readonly inputs?: InputsRow;
  readonly within?: OutcomeRow['within'];
  readonly content?: OutcomeRow['content'];
  readonly wrote?: string;
  readonly files?: OutcomeRow['files'];
  readonly reused?: OutcomeRow['reused'];
  readonly anew?: OutcomeRow['anew'];
}

/**
 * Makes an outcome durable. Where a lower holder has said how this try or this brief ended, that stands.
 * @throws Failure `StoreUnavailable`, `Superseded`
 */
export async function record(store: Store, digest: Digest, log: Log, outcome: Outcome): Promise<void> {
  const place = outcome.output && (await keep(store, digest, outcome.output));
  await log.append((put, state) =>
    said(state, outcome.number)
      ? []
      : [...(outcome.inputs && !state.inputs ? [outcome.inputs] : []), rowOf(outcome, place?.(put))],
  );
}

/** Where somebody asked for it once more, how it ended before is no end any more. */
export async function takeBack(
  log: Log,
  { again = 0, run, u, k }: Pick<Lease, 'again' | 'run' | 'u' | 'k'>,
  store: Store,
): Promise<void> {
  if (again <= log.state.again) return;
  const sent = await latestRound(store, run.first, { u, k });
  await log.append((_, state) => {
    if (state.again >= again) return [];
    const isNews = sent && sent.round > (state.sentBack ?? 0);
    return [{ row: 'again', time: again, ...(isNews && sent) }];
  });
}

const said = (state: UnitState, number: number): boolean =>
  state.final !== undefined || (number > 0 && state.tries >= number);

/** Values of up to `limit` bytes go into the segment with their row; larger ones are durable before it. */
export async function keep(
  store: Store,
  digest: Digest,
  output: Encoded,
  limit: number = INLINE_LIMIT,
): Promise<(put: Put) => Ref> {
  if (output.bytes.length <= limit) {
    const body = { ...output, digest: digest(output.bytes) };
    return (put) => put(body);
  }
  const ref = await putBytes(store, output, digest);
  return () => ref;
}

function rowOf({ number, next, output, inputs: _, ...said }: Outcome, ref: Ref | undefined): OutcomeRow {
  const redacted = output ? redactedIn(new TextDecoder().decode(output.bytes)) : [];
  return {
    ...{ row: 'outcome', try: number, ...said, ...next },
    ...(ref && { ref }),
    ...(redacted.length > 0 && { redacted }),
  };
}

/** What the log says about going on: nothing where the next try may begin. */
export function standing(log: Log, now: number): Ended | undefined {
  const { final, last, tries } = log.state;
  if (final?.status)
    return {
      kind: 'ended',
      result: { status: final.status, tries },
      ...(final.reason && { reason: final.reason }),
    };
  if (last?.notBefore !== undefined && last.notBefore > now)
    return { kind: 'again', delayMs: last.notBefore - now, reason: whyAgain(log) };
  return undefined;
}

/** Why the latest try did not end the brief. */
export const whyAgain = ({ state: { last } }: Log): Reason =>
  last?.reason ?? { type: 'ContractViolation', message: 'The last try left no reason.' };
