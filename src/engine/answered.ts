import type { Question } from '../core/integrate/question.js';
import { totalUsage } from '../core/integrate/usage.js';
import { cut } from '../core/integrate/words.js';
import type { Digest, Json } from '../core/outcome/canonical.js';
import { Failure, type FailureType } from '../core/outcome/failure.js';
import { REASON_LENGTH, type Usage } from '../core/outcome/outcome.js';
import type { OutcomeRow } from '../core/outcome/rows.js';
import { effectKey } from '../core/plan/keys.js';
import type { Retry } from '../core/plan/plan.js';
import { MAX_PROMPT } from '../core/plan/prompt.js';
import type { AskWork } from '../core/plan/render.js';
import { afterTries } from '../core/plan/retry.js';
import type { Clock } from '../ports/clock.js';
import type { Executor, Executors } from '../ports/executor.js';
import type { Store } from '../ports/store.js';
import { encodeValue, putBytes } from './artifacts.js';
import { INTEGRATOR } from './integratorLog.js';
import { pause } from './pause.js';
import { stoppable } from './stop.js';

export interface InterviewEffects {
  readonly store: Store;
  readonly digest: Digest;
  readonly clock: Clock;
  /** Without tools: a command, a function of the user's, one call of a model. */
  readonly executors: Pick<Executors, 'run' | 'ask' | 'call'>;
  readonly signal: AbortSignal;
  /** Digest of the module whose functions may be called: of others nobody has the answers. */
  readonly functions?: string;
}

/** What takes longer is no answer, ms. */
const LONGEST = 10 * 60_000;
/** Between two tries, whatever a provider asks for, ms: what failed is to be recorded before an integration is out of time. */
const LONGEST_WAIT = 2 * 60_000;
/** Of a question to a model that came to nothing. */
const RETRY: Retry = { attempts: 3, backoff: { minMs: 1_000, maxMs: 60_000 }, then: 'fail' };

/** How a question was answered, or was not. */
export type KeyedRow = OutcomeRow & { readonly key: string };

/** Of which question, by its digest, and for which run: its first execution run id. */
interface Asking {
  readonly key: string;
  readonly run: string;
}

/**
 * Asks until there is an answer, or no try is left.
 * @returns the row that says so; it is not recorded yet
 * @throws Failure `Cancelled`, `StoreUnavailable`, `Superseded`: those say nothing about the question
 */
export async function answered(
  question: Question,
  { key, run }: Asking,
  effects: InterviewEffects,
): Promise<KeyedRow> {
  const { store, digest, clock, signal } = effects;
  const started = clock.now();
  const ended: FailureType[] = [];
  const usages: (Usage | undefined)[] = [];
  let work = question.work;
  for (;;) {
    // Whoever is asked in other words is asked something else; after a crash the same words have the same key.
    const input = work === question.work ? key : digest(`${key} ${JSON.stringify(work)}`);
    const tried = await tryOnce({ ...question, work }, { input, run, number: ended.length + 1 }, effects);
    usages.push(tried.usage);
    const usage = { ...totalUsage(usages), ...(tried.usage?.model && { model: tried.usage.model }) };
    const row = (more: Pick<OutcomeRow, 'status' | 'verdict' | 'reason' | 'ref'>): KeyedRow => ({
      ...{ row: 'outcome', brief: INTEGRATOR, key, try: ended.length + (tried.failure ? 0 : 1) },
      ...more,
      ...{ started, ended: clock.now() },
      ...(Object.keys(usage).length > 0 && { usage }),
    });
    const { failure } = tried;
    if (!failure) {
      const ref =
        tried.value === undefined ? undefined : await putBytes(store, encodeValue(tried.value), digest);
      return row({ verdict: 'succeeded', status: 'succeeded', ...(ref && { ref }) });
    }
    ended.push(failure.type);
    const { spent, waitMs } = afterTries({ ...RETRY, attempts: question.attempts ?? RETRY.attempts }, ended);
    if (failure.permanent || spent)
      return row({
        ...{ verdict: 'failed', status: 'failed' },
        reason: { type: failure.type, message: findingOf(failure, work) },
      });
    if (work.kind === 'ask' && failure.type === 'OutputInvalid') work = toBeMended(work, failure.message);
    await pause(Math.min(Math.max(waitMs, failure.detail.retryAfterMs ?? 0), LONGEST_WAIT), clock, signal);
  }
}

/** The same question, with what was wrong with its answer. */
const toBeMended = (work: AskWork, finding: string): AskWork => ({
  ...work,
  messages: [
    ...work.messages,
    { role: 'user', content: `An earlier answer was rejected. Mend this: ${cut(finding, REASON_LENGTH)}` },
  ],
});

interface Tried {
  readonly failure?: Failure;
  readonly value?: Json;
  readonly usage?: Usage;
}

async function tryOnce(
  { label, work, wrong }: Question,
  { input, run, number }: { readonly input: string; readonly run: string; readonly number: number },
  { executors, digest, clock, signal }: InterviewEffects,
): Promise<Tried> {
  const late = () =>
    new Failure('TimedOut', `${label} took longer than ${LONGEST / 60_000} minutes and was stopped.`);
  try {
    const { output, usage } = await stoppable(
      { clock, ms: LONGEST, outer: signal, late },
      (signal, _, waits) =>
        (executors[work.kind] as Executor)({
          ...{ work, label, run, try: number, progress: () => undefined, signal, waits },
          key: effectKey({ run, brief: INTEGRATOR, input, generation: 0 }, digest),
        }),
    );
    if (!wrong) return usage ? { usage } : {};
    const value = 'value' in output ? output.value : output.text;
    const findings = work.kind === 'ask' ? [...tooLongFor(value), ...wrong(value)] : wrong(value);
    if (findings.length === 0) return { value, ...(usage && { usage }) };
    // Only a model is told what was wrong, and may do better.
    const failure = new Failure('OutputInvalid', `${label}: its answer does not fit: ${findings[0]}.`, {
      permanent: work.kind !== 'ask',
    });
    return { failure, ...(usage && { usage }) };
  } catch (error) {
    if (!(error instanceof Failure) || NO_VERDICT.has(error.type)) throw error;
    return { failure: error, ...(error.detail.usage && { usage: error.detail.usage }) };
  }
}

/** Of a model's answer: it may have to be shown to one again. */
function tooLongFor(answer: Json): readonly string[] {
  const { length } = JSON.stringify(answer);
  if (length <= MAX_PROMPT) return [];
  return [
    `it has ${length.toLocaleString('en')} characters, over the maximum of ${MAX_PROMPT.toLocaleString('en')}`,
  ];
}

const NO_VERDICT: ReadonlySet<FailureType> = new Set<FailureType>([
  'Cancelled',
  'StoreUnavailable',
  'Superseded',
]);

/** What a command printed says more than how it ended. */
function findingOf({ message, detail }: Failure, { kind }: Question['work']): string {
  const printed = kind === 'run' && typeof detail.partial === 'string' ? detail.partial.trim() : '';
  return cut(printed || message, REASON_LENGTH);
}
