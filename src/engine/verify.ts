import type { Verified } from '../core/integrate/report.js';
import { cut } from '../core/integrate/words.js';
import type { Digest } from '../core/outcome/canonical.js';
import { Failure } from '../core/outcome/failure.js';
import type { OutcomeRow, Row } from '../core/outcome/rows.js';
import { encodeSegment } from '../core/outcome/segment.js';
import { effectKey } from '../core/plan/keys.js';
import type { RunWork } from '../core/plan/render.js';
import type { Executor } from '../ports/executor.js';
import type { Store } from '../ports/store.js';
import { type Place, readSegment, segmentName } from './segments.js';

/*
 * What `integrate.verify` says of an answer, asked once.
 *  1. It is a row of unit `i`, keyed by the digest of what was verified: another answer (salvage, then the run's own)
 *     is another question.
 *  2. The first row for a key is final. Whoever loses the create reads, and takes over what the winner recorded.
 */

export interface Question {
  readonly argv: readonly string[];
  /** The answer as canonical JSON. */
  readonly stdin: string;
  /** First execution run id. */
  readonly run: string;
  readonly cwd?: string;
  /** ms since the epoch. */
  readonly now: number;
}

interface VerifyEffects {
  readonly store: Store;
  readonly digest: Digest;
  readonly verify: Executor<RunWork>;
  readonly signal: AbortSignal;
}

/** Unit and brief of the integrator's own rows. */
const INTEGRATOR = 'i';
/** A verification that takes longer does not hold, ms. */
const LONGEST = 10 * 60_000;
/** Characters of a finding, as of any reason. */
const FINDING = 500;

/** @throws Failure `Cancelled`, `StoreUnavailable`: those say nothing about the answer. */
export async function verifyOnce(question: Question, effects: VerifyEffects): Promise<Verified> {
  const { store, digest } = effects;
  const place: Place = { run: question.run, unit: INTEGRATOR };
  const key = digest(question.stdin);
  let fresh: OutcomeRow | undefined;
  for (let seq = 0; ; ) {
    const segment = await readSegment(store, place, seq);
    const row = segment?.rows.find((one) => isVerdict(one, key));
    if (row) return said(row);
    if (segment) {
      seq++;
      continue;
    }
    fresh ??= await verdictRow(question, key, effects);
    const bytes = encodeSegment({ dispatch: 1, attempt: 1 }, [fresh], []);
    if ((await store.create(segmentName(place, seq), bytes)) === 'created') return said(fresh);
  }
}

const isVerdict = (row: Row, key: string): row is OutcomeRow => row.row === 'outcome' && row.key === key;

const said = ({ status, reason }: OutcomeRow): Verified => ({
  holds: status === 'succeeded',
  ...(reason && { finding: reason.message }),
});

async function verdictRow(question: Question, key: string, effects: VerifyEffects): Promise<OutcomeRow> {
  const began = performance.now();
  const failure = await tryOnce(question, key, effects);
  return {
    row: 'outcome',
    brief: INTEGRATOR,
    key,
    try: 1,
    verdict: failure ? 'failed' : 'succeeded',
    status: failure ? 'failed' : 'succeeded',
    ...(failure && { reason: { type: failure.type, message: findingOf(failure) } }),
    started: question.now,
    ended: question.now + Math.round(performance.now() - began),
  };
}

async function tryOnce(
  { argv, stdin, cwd, run }: Question,
  key: string,
  { verify, digest, signal }: VerifyEffects,
): Promise<Failure | undefined> {
  const late = new AbortController();
  const tooLong = new Failure('TimedOut', `It took longer than ${LONGEST / 60_000} minutes and was stopped.`);
  const timer = setTimeout(() => late.abort(tooLong), LONGEST);
  try {
    await verify({
      work: { kind: 'run', argv, stdin, okExit: [0], ...(cwd !== undefined && { cwd }) },
      label: 'integrate.verify',
      key: effectKey({ run, brief: INTEGRATOR, input: key, generation: 0 }, digest),
      try: 1,
      signal: AbortSignal.any([signal, late.signal]),
      progress: () => undefined,
    });
    return undefined;
  } catch (error) {
    if (!(error instanceof Failure) || NO_VERDICT.has(error.type)) throw error;
    return error;
  } finally {
    clearTimeout(timer);
  }
}

const NO_VERDICT: ReadonlySet<Failure['type']> = new Set<Failure['type']>([
  'Cancelled',
  'StoreUnavailable',
  'Superseded',
]);

/** What it printed says more than how it ended. */
function findingOf({ message, detail }: Failure): string {
  const printed = typeof detail.partial === 'string' ? detail.partial.trim() : '';
  return cut(printed || message, FINDING);
}
