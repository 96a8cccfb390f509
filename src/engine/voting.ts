import { totalUsage } from '../core/integrate/usage.js';
import { closedBy } from '../core/integrate/vote.js';
import { cut } from '../core/integrate/words.js';
import type { Json } from '../core/outcome/canonical.js';
import { Failure, type FailureType } from '../core/outcome/failure.js';
import type { Usage } from '../core/outcome/outcome.js';
import type { Voted } from '../core/outcome/voted.js';
import type { Vote } from '../core/plan/plan.js';
import type { AskWork } from '../core/plan/render.js';
import type { Effect, Executor, Task } from '../ports/executor.js';
import { checkSchema, outputOf } from './accept.js';
import { encodeValue, readValue } from './artifacts.js';
import { keep } from './record.js';
import { reasonOf } from './tries.js';
import type { Unit } from './unit.js';

/*
 * A vote, as the effect of one try.
 *  1. Each sample is a row of the unit's log when it has come, with what it consumed; so whoever goes on asks only for those
 *     that are not there, and every token is counted once.
 *  2. A sample that could not be used is one too, and votes for nobody. One that nobody answered fails the try, unless the
 *     vote is closed without it; the next try goes on with the samples that there are.
 *  3. The output is the first sample that gave the answer which most gave.
 */

/** What says something about the sample, and not about the provider or the try. */
const UNUSABLE: ReadonlySet<FailureType> = new Set<FailureType>(['OutputInvalid', 'ModelRefused']);
/** Characters of an answer where the vote is told of. */
const LONGEST = 300;

/** @returns an executor that asks `ask` as often as the vote needs, and delivers what it came to */
export const byVote =
  (unit: Unit, vote: Vote, ask: Executor<AskWork>): Executor<AskWork> =>
  async (task) => {
    const { log } = unit;
    const { store, digest } = unit.effects;
    const values = await valuesSoFar(unit);
    const told = progressOf(task, vote);
    // What is still under way when the vote is closed, or somebody else goes on with it, is of no use any more.
    const over = new AbortController();
    const signal = AbortSignal.any([task.signal, over.signal]);
    const isClosed = () => closedBy(vote, values) !== undefined;

    async function sample(n: number): Promise<void> {
      const one = { ...task, signal, progress: told(n) };
      const { output, usage, failure } = await sampled(unit, ask, one, n);
      const place = output === undefined ? undefined : await keep(store, digest, encodeValue(output));
      await log.append((put, { samples }) => {
        if (samples.has(n)) return [];
        const said = { ...(place && { ref: place(put) }), ...(failure && { reason: reasonOf(failure) }) };
        return [{ row: 'sample', n, ...said, ...(usage && { usage }) }];
      });
      // Where a lower holder has said it, that stands.
      const ref = log.state.samples.get(n)?.ref;
      values.set(n, ref && (await readValue(store, ref)));
      if (isClosed()) over.abort(new Failure('Cancelled', 'The vote is closed without it.'));
    }

    const open = Array.from({ length: vote.samples }, (_, i) => i + 1).filter((n) => !values.has(n));
    const broken: unknown[] = [];
    const asker = async () => {
      while (open.length > 0 && broken.length === 0 && !isClosed())
        await sample(open.shift()!).catch((error) => {
          broken.push(error);
          if (isOver(error)) over.abort(error);
        });
    };
    await Promise.all(Array.from({ length: vote.parallel }, asker));
    const closed = closedBy(vote, values);
    const worst = worstOf(broken);
    const spent = unrecorded(broken);
    if (worst !== undefined && (!closed || isOver(worst))) throw withUsage(worst, spent);
    return decided(unit, vote, closed!, values, spent);
  };

/** Of the samples on record, by number; undefined for one that could not be used. */
async function valuesSoFar({ log, effects }: Unit): Promise<Map<number, Json | undefined>> {
  const rows = [...log.state.samples.values()];
  const read = rows.map(async ({ n, ref }) => [n, ref && (await readValue(effects.store, ref))] as const);
  return new Map(await Promise.all(read));
}

/** @throws Failure that says nothing about the sample */
async function sampled(
  { brief, effects }: Unit,
  ask: Executor<AskWork>,
  task: Task<AskWork>,
  n: number,
): Promise<{ readonly output?: Json; readonly usage?: Usage; readonly failure?: Failure }> {
  const { voters, ...asked } = task.work;
  const work: AskWork = { ...asked, ...(voters && { model: voters[(n - 1) % voters.length]! }) };
  let usage: Usage | undefined;
  try {
    const effect = await ask({ ...task, work, key: effects.digest(`${task.key} sample ${n}`) });
    usage = effect.usage;
    const output = outputOf(effect, brief);
    checkSchema(output, brief, `sample ${n} of ${task.label}`);
    return { output, ...(usage && { usage }) };
  } catch (error) {
    if (!(error instanceof Failure) || !UNUSABLE.has(error.type)) throw error;
    const spent = usage ?? error.detail.usage;
    return { failure: error, ...(spent && { usage: spent }) };
  }
}

function decided(
  { label, log }: Unit,
  vote: Vote,
  { candidates, abstained, closed, samples }: NonNullable<ReturnType<typeof closedBy>>,
  values: ReadonlyMap<number, Json | undefined>,
  usage: Usage | undefined,
): Effect {
  const { winner, because } = closed;
  const rows = [...log.state.samples.values()].filter(({ n }) => n <= samples);
  const models = [...new Set(rows.flatMap((row) => row.usage?.model ?? []))].sort();
  const voted: Voted = {
    samples,
    ...(models.length > 0 && { models }),
    candidates: candidates.map(({ value, by }) => ({ value: beginning(value), by })),
    abstained,
    because,
    decided: winner !== undefined,
  };
  const spent = usage && { usage };
  if (winner) return { output: { value: values.get(winner.by[0]!)! }, voted, ...spent };
  const votes = candidates.map(({ value, by }) => `${by.length} for ${cut(JSON.stringify(value), 60)}`);
  const unusable = rows.find((row) => row.reason)?.reason?.message ?? 'None says anything at the field.';
  const why = [
    ...(votes.length > 0 ? [votes.join(', ')] : []),
    ...(because === 'no quorum' ? [`${vote.quorum} are wanted`] : []),
    ...(abstained.length > 0 ? [`${abstained.length} vote for nothing, the first because: ${unusable}`] : []),
  ];
  throw new Failure('OutputInvalid', `The vote of ${label} decides nothing (${because}): ${why.join('; ')}`, {
    voted,
    ...spent,
  });
}

const beginning = (value: Json): Json => {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > LONGEST ? cut(text, LONGEST) : value;
};

/** Somebody else goes on with it, or nobody can: nothing that comes of it is to be told. */
const isOver = (error: unknown): boolean => !(error instanceof Failure) || OVER.has(error.type);
const OVER: ReadonlySet<FailureType> = new Set<FailureType>(['StoreUnavailable', 'Superseded']);

/** Of several breaks the one that leaves most open: of an effect that was stopped nobody knows what became. */
function worstOf(errors: readonly unknown[]): unknown {
  const rank = (error: unknown): number => {
    if (!(error instanceof Failure) || isOver(error)) return 0;
    if (error.type === 'Cancelled') return 1;
    return error.type === 'TimedOut' || error.detail.uncertain ? 2 : 3;
  };
  return [...errors].sort((a, b) => rank(a) - rank(b))[0];
}

/** What was consumed by samples that are not on record. */
const unrecorded = (errors: readonly unknown[]): Usage | undefined =>
  totalUsage(errors.map((error) => (error instanceof Failure ? error.detail.usage : undefined)));

/** The beginning of one sample is no part of what the vote comes to. */
function withUsage(error: unknown, usage: Usage | undefined): unknown {
  if (!(error instanceof Failure)) return error;
  const { partial: _, usage: __, ...detail } = error.detail;
  return new Failure(error.type, error.message, { ...detail, ...(usage && { usage }) });
}

/** Tokens of all samples that are under way together, and how many are asked. */
function progressOf({ progress }: Task<AskWork>, { samples }: Vote) {
  const tokens = new Map<number, number>();
  return (n: number): Task['progress'] =>
    (one) => {
      tokens.set(n, one.tokens ?? 0);
      const sum = [...tokens.values()].reduce((all, some) => all + some, 0);
      progress({ tokens: sum, note: `sample ${Math.max(...tokens.keys())} of at most ${samples}` });
    };
}
