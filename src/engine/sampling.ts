import { abridged } from '../core/integrate/abridged.js';
import { totalUsage } from '../core/integrate/usage.js';
import type { Json } from '../core/outcome/canonical.js';
import { Failure, type FailureType } from '../core/outcome/failure.js';
import type { Usage } from '../core/outcome/outcome.js';
import type { SampleRow } from '../core/outcome/rows.js';
import type { AskWork } from '../core/plan/render.js';
import type { Executor, Task } from '../ports/executor.js';
import { checkSchema, outputOf } from './accept.js';
import { encodeValue, readValue } from './artifacts.js';
import { keep } from './record.js';
import { notHeld } from './spending.js';
import { reasonOf } from './tries.js';
import type { Unit } from './unit.js';

/*
 * Several samples of one brief.
 *  1. Each is a row of the unit's log when it has come, with what it consumed; so whoever goes on asks only for those that
 *     are not there, and every token is counted once.
 *  2. One that nobody answered fails the try, unless enough have come; the next try goes on with the samples there are.
 */

export interface Sampling {
  readonly samples: number;
  /** Most at a time. */
  readonly parallel: number;
  /** A sample that could not be used is on record as well, and is not asked for again. */
  readonly keepsUnusable?: boolean;
  /** Whether no more are of use; absent: all are. */
  readonly isEnough?: (values: Values) => boolean;
  /** Beyond its schema. @throws Failure `OutputInvalid` */
  readonly accept?: (
    output: Json,
    task: Task<AskWork>,
    spend: (usage: Usage | undefined) => void,
  ) => Promise<void>;
}

/** By number, from 1; undefined for one that could not be used. */
export type Values = ReadonlyMap<number, Json | undefined>;

export interface Sampled {
  readonly values: Values;
  /** What was consumed by samples that are not on record. */
  readonly usage: Usage | undefined;
  /** Why samples are not there that could not be used, by their numbers. */
  readonly unusable: readonly Failure[];
}

/** What says something about the sample, and not about the provider or the try. */
const UNUSABLE: ReadonlySet<FailureType> = new Set<FailureType>(['OutputInvalid', 'ModelRefused']);

/** @throws Failure that says nothing about a sample, with the usage of those that are not on record */
export async function sampled(
  unit: Unit,
  task: Task<AskWork>,
  ask: Executor<AskWork>,
  { samples, parallel, keepsUnusable = false, isEnough = () => false, accept }: Sampling,
): Promise<Sampled> {
  const { log } = unit;
  const { store, digest } = unit.effects;
  const values = await valuesSoFar(unit);
  const told = progressOf(task, samples);
  // What is still under way when there is enough, or somebody else goes on with it, is of no use any more.
  const over = new AbortController();
  const signal = AbortSignal.any([task.signal, over.signal]);
  const unusable: { readonly n: number; readonly failure: Failure }[] = [];
  const broken: unknown[] = [];

  async function sample(n: number): Promise<void> {
    const one = sampleOf(unit, { ...task, signal, progress: told(n) }, n);
    const name = `sample ${n} of ${task.label}`;
    const { output, usage, failure } = await answerTo(unit, one, name, ask, accept);
    if (failure && !keepsUnusable) {
      unusable.push({ n, failure: new Failure(failure.type, failure.message, usage ? { usage } : {}) });
      return;
    }
    const place = output === undefined ? undefined : await keep(store, digest, encodeValue(output));
    await log.append((put, state) => {
      if (state.samples.has(n)) return [];
      const said = { ...(place && { ref: place(put) }), ...(failure && { reason: reasonOf(failure) }) };
      return [{ row: 'sample', n, ...said, ...(usage && { usage }) }];
    });
    // Where a lower holder has said it, that stands.
    const ref = log.state.samples.get(n)?.ref;
    values.set(n, ref && (await readValue(store, ref)));
    if (isEnough(values)) over.abort(new Failure('Cancelled', 'There are enough without it.'));
  }

  const open = Array.from({ length: samples }, (_, i) => i + 1).filter((n) => !values.has(n));
  const asker = async () => {
    while (open.length > 0 && broken.length === 0 && !isEnough(values))
      await sample(open.shift()!).catch((error) => {
        broken.push(error);
        if (isOver(error)) over.abort(error);
      });
  };
  await Promise.all(Array.from({ length: parallel }, asker));
  const worst = worstOf(broken);
  const usage = totalUsage(
    [...broken, ...unusable.map(({ failure }) => failure)].map((error) =>
      error instanceof Failure ? error.detail.usage : undefined,
    ),
  );
  if (worst !== undefined && (!isEnough(values) || isOver(worst))) throw withUsage(worst, usage);
  const inOrder = unusable.sort((a, b) => a.n - b.n).map(({ failure }) => failure);
  return { values, usage, unusable: inOrder };
}

/** Of the samples on record. */
export async function valuesSoFar({ log, effects }: Unit): Promise<Map<number, Json | undefined>> {
  const rows = [...log.state.samples.values()];
  const read = rows.map(async ({ n, ref }) => [n, ref && (await readValue(effects.store, ref))] as const);
  return new Map(await Promise.all(read));
}

/** The n-th asks the model, and is told beyond the others, whose turn it is. */
function sampleOf({ effects }: Unit, task: Task<AskWork>, n: number): Task<AskWork> {
  const { voters, asides, ...asked } = task.work;
  const aside = asides?.[(n - 1) % asides.length];
  const work: AskWork = {
    ...asked,
    ...(voters && { model: voters[(n - 1) % voters.length]! }),
    ...(aside !== undefined && { messages: [...asked.messages, { role: 'user', content: aside }] }),
  };
  return { ...task, work, key: effects.digest(`${task.key} sample ${n}`) };
}

/** @throws Failure that says nothing about the sample */
async function answerTo(
  { brief }: Unit,
  task: Task<AskWork>,
  name: string,
  ask: Executor<AskWork>,
  accept: Sampling['accept'],
): Promise<{ readonly output?: Json; readonly usage?: Usage; readonly failure?: Failure }> {
  let usage: Usage | undefined;
  const spend = (more: Usage | undefined) => {
    const sum = totalUsage([usage, more]);
    usage = usage?.model === undefined ? sum : { ...sum, model: usage.model };
  };
  try {
    const effect = await ask(task);
    usage = effect.usage;
    const output = outputOf(effect, brief);
    checkSchema(output, brief, name);
    await accept?.(output, task, spend).catch((error: unknown) => {
      throw notHeld(error);
    });
    return { output, ...(usage && { usage }) };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    // Of a judge that failed as well: whoever judged has told of it.
    const spent = usage ?? error.detail.usage;
    if (!UNUSABLE.has(error.type)) throw withUsage(error, spent);
    return { failure: error, ...(spent && { usage: spent }) };
  }
}

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

/** What all of it took; the beginning of one answer is no part of what they come to. */
export function withUsage(error: unknown, usage: Usage | undefined): unknown {
  if (!(error instanceof Failure)) return error;
  const { partial: _, usage: __, ...detail } = error.detail;
  return new Failure(error.type, error.message, { ...detail, ...(usage && { usage }) });
}

/** Tokens of all samples that are under way together, and how many are asked. */
function progressOf({ progress }: Task<AskWork>, samples: number) {
  const tokens = new Map<number, number>();
  return (n: number): Task['progress'] =>
    (one) => {
      tokens.set(n, one.tokens ?? 0);
      const sum = [...tokens.values()].reduce((all, some) => all + some, 0);
      progress({ tokens: sum, note: `sample ${Math.max(...tokens.keys())} of at most ${samples}` });
    };
}

/** Of those that answered, as their endpoints named themselves. */
export function modelsIn(rows: readonly SampleRow[]): { readonly models?: readonly string[] } {
  const models = [...new Set(rows.flatMap((row) => row.usage?.model ?? []))].sort();
  return models.length > 0 ? { models } : {};
}

/** Characters of an answer, as JSON, where the samples are told of. */
const LONGEST = 600;

export const beginning = (value: Json): Json => abridged(value, LONGEST);
