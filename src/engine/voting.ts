import { totalUsage } from '../core/integrate/usage.js';
import { standing } from '../core/integrate/vote.js';
import { cut } from '../core/integrate/words.js';
import type { Json } from '../core/outcome/canonical.js';
import { Failure, type FailureType } from '../core/outcome/failure.js';
import type { Usage } from '../core/outcome/outcome.js';
import type { SampleRow } from '../core/outcome/rows.js';
import type { Voted } from '../core/outcome/voted.js';
import type { Vote } from '../core/plan/plan.js';
import type { AskWork } from '../core/plan/render.js';
import { modelOf } from '../core/plan/tier.js';
import type { Effect, Executor, Task } from '../ports/executor.js';
import { checkSchema, outputOf } from './accept.js';
import { encodeValue, readValue } from './artifacts.js';
import { keep } from './record.js';
import { reasonOf } from './tries.js';
import type { Unit } from './unit.js';

/*
 * A vote, as the effect of one try.
 *  1. Each sample is a row of the unit's log when it has come, so whoever goes on asks only for those that are not there.
 *  2. A sample that could not be used is one too, and votes for nobody; one that nobody answered fails the try, and the
 *     next goes on with the samples that there are.
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
    const number = log.state.tries + 1;
    const values = await valuesSoFar(unit);
    const stood = () =>
      standing(
        vote,
        [...values].map(([n, value]) => ({ n, ...(value !== undefined && { value }) })),
      );
    const spent = (): Usage | undefined => usageOf([...log.state.samples.values()], number);
    const told = progressOf(task, vote);

    async function sample(n: number): Promise<void> {
      const row = { row: 'sample', n, try: number } as const;
      const { output, usage, failure } = await sampled(unit, vote, ask, { ...task, progress: told(n) }, n);
      const measured = usage && { usage };
      const place = output === undefined ? undefined : await keep(store, digest, encodeValue(output));
      await log.append((put, { samples }) => {
        if (samples.has(n)) return [];
        return [
          {
            ...row,
            ...(place && { ref: place(put) }),
            ...(failure && { reason: reasonOf(failure) }),
            ...measured,
          },
        ];
      });
      // Where a lower holder has said it, that stands.
      const ref = log.state.samples.get(n)?.ref;
      values.set(n, ref && (await readValue(store, ref)));
    }

    const open = Array.from({ length: vote.samples }, (_, i) => i + 1).filter((n) => !values.has(n));
    const broken: unknown[] = [];
    const asker = async () => {
      while (open.length > 0 && broken.length === 0 && !stood().closed)
        await sample(open.shift()!).catch((error) => broken.push(error));
    };
    // What is under way when one breaks is recorded all the same.
    await Promise.all(Array.from({ length: vote.parallel }, asker));
    const usage = spent();
    if (broken.length > 0) throw withUsage(worst(broken), usage);
    return decided(unit, vote, stood(), values, usage);
  };

/** What says nothing about the try goes before what does. */
const worst = (errors: readonly unknown[]): unknown =>
  errors.find((error) => !(error instanceof Failure) || STORE.has(error.type)) ?? errors[0];
const STORE: ReadonlySet<FailureType> = new Set<FailureType>(['StoreUnavailable', 'Superseded']);

/** Of the samples on record, by number; undefined for one that could not be used. */
async function valuesSoFar({ log, effects }: Unit): Promise<Map<number, Json | undefined>> {
  const rows = [...log.state.samples.values()];
  const read = rows.map(async ({ n, ref }) => [n, ref && (await readValue(effects.store, ref))] as const);
  return new Map(await Promise.all(read));
}

/** @throws Failure that says nothing about the sample */
async function sampled(
  { plan, brief, effects }: Unit,
  { models, temperature }: Vote,
  ask: Executor<AskWork>,
  task: Task<AskWork>,
  n: number,
): Promise<{ readonly output?: Json; readonly usage?: Usage; readonly failure?: Failure }> {
  const work: AskWork = {
    ...task.work,
    ...(models && { model: modelOf(plan, models[(n - 1) % models.length]!) }),
    ...(temperature !== undefined && { temperature }),
  };
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
  { candidates, abstained, closed }: ReturnType<typeof standing>,
  values: ReadonlyMap<number, Json | undefined>,
  usage: Usage | undefined,
): Effect {
  const { winner, because } = closed!;
  const voted: Voted = {
    samples: values.size,
    candidates: candidates.map(({ value, by }) => ({ value: beginning(value), by })),
    abstained,
    because,
    decided: winner !== undefined,
  };
  const spent = usage && { usage };
  if (winner) return { output: { value: values.get(winner.by[0]!)! }, voted, ...spent };
  const votes = candidates.map(({ value, by }) => `${by.length} for ${cut(JSON.stringify(value), 60)}`);
  const reason = [...log.state.samples.values()].find((row) => row.reason)?.reason;
  const why =
    because === 'all abstained'
      ? `no sample could be used: ${reason?.message ?? 'none says anything at the field'}`
      : `${votes.join(', ')}${because === 'tie' ? '' : `; ${vote.quorum} are wanted`}`;
  throw new Failure('OutputInvalid', `The vote of ${label} decides nothing (${because}): ${why}.`, {
    voted,
    ...spent,
  });
}

const beginning = (value: Json): Json => {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > LONGEST ? cut(text, LONGEST) : value;
};

/** Of what was asked during this try: others counted what came during theirs. */
function usageOf(samples: readonly SampleRow[], number: number): Usage | undefined {
  const total = totalUsage(samples.filter((row) => row.try === number).map((row) => row.usage));
  const model = samples.find((row) => row.usage?.model !== undefined)?.usage?.model;
  return total || model !== undefined ? { ...total, ...(model !== undefined && { model }) } : undefined;
}

/** What was spent on samples is on record, and what a failure carries is all there is to be counted. */
function withUsage(error: unknown, usage: Usage | undefined): unknown {
  if (!(error instanceof Failure)) return error;
  const total = totalUsage([usage, error.detail.usage]);
  return new Failure(error.type, error.message, { ...error.detail, ...(total && { usage: total }) });
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
