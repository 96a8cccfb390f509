import type { Digest } from '../core/outcome/canonical.js';
import { expecting, Failure, type FailureType } from '../core/outcome/failure.js';
import type { UnitState } from '../core/outcome/fold.js';
import type { InputsRow } from '../core/outcome/rows.js';
import type { Bindings, Item } from '../core/plan/bindings.js';
import { evaluate } from '../core/plan/cel.js';
import { inForce } from '../core/plan/fallback.js';
import type { Brief, InputFile } from '../core/plan/plan.js';
import { filesOf } from '../core/plan/prompt.js';
import { render, type Work } from '../core/plan/render.js';
import type { Store } from '../ports/store.js';
import { decodeValue, readBlob, readValue } from './artifacts.js';
import { acknowledge } from './handOff.js';
import { briefAt, type Needing, recordedInputs, resolveNeeds } from './outputs.js';
import { endedSoFar } from './tries.js';

/** Everything the brief names. */
export interface Bound {
  readonly bindings: Bindings;
  /** Whether its condition holds. */
  readonly needed: boolean;
  /** To be recorded before anything is done with it; absent where it is, or nothing has to be. */
  readonly row?: InputsRow;
}

/** What a try is given: that, and what the executor will be asked to do. */
export interface Prepared extends Bound {
  /** The same without findings, and of its own tier: what the idempotency key is made from. Absent: its condition is false. */
  readonly work?: { readonly plain: Work; readonly told: Work };
}

/**
 * @throws Failure `InvalidInput` where a template or an expression fails on these values, `StoreUnavailable`
 */
export async function prepare(
  who: Needing,
  digest: Digest,
  /** What the unit's own log says. */
  state: Pick<UnitState, 'inputs' | 'findings' | 'fellBack' | 'counted' | 'spent'>,
  /** What the log of its fan says, where it is an instance. */
  fan?: UnitState,
): Promise<Prepared> {
  const { store, plan } = who;
  const brief = inForce(briefAt(plan, who.u), state.fellBack);
  const bound = await bind(who, state, fan);
  const { bindings } = bound;
  if (!bound.needed) return bound;
  const { findings } = state;
  const files =
    brief.executor.kind === 'ask' ? await textOf(store, filesOf(plan, brief, bindings)) : new Map();
  const plain = render(plan, brief, bindings, { files, digest });
  const raised = brief.retry.escalate ? endedSoFar(state).filter((type) => RAISES.has(type)).length : 0;
  const told =
    findings.length > 0 || raised > 0
      ? render(plan, brief, bindings, { files, digest, findings, raised })
      : plain;
  return { ...bound, work: { plain, told } };
}

/** Answers that another model might give better. One that is too late is none: it may still come, under the same key. */
const RAISES: ReadonlySet<FailureType> = new Set<FailureType>(['OutputInvalid', 'ModelRefused']);

/**
 * The same without what it comes to.
 * @throws Failure `InvalidInput`, `StoreUnavailable`, and `ContractViolation` where a need delivered what is not expected
 */
export async function bind(
  who: Needing,
  { inputs }: Pick<UnitState, 'inputs'>,
  fan?: UnitState,
): Promise<Bound> {
  const { plan } = who;
  const brief = briefAt(plan, who.u);
  const recorded = recordedInputs(fan?.inputs, inputs);
  const given = await resolveNeeds(who, recorded);
  const row = acknowledge(who, given);
  const { needs } = given;
  const item = fan && (await itemOf(who, brief, fan));
  const bindings: Bindings = { params: plan.params, inputs: plan.inputs, needs, ...(item && { item }) };
  return { bindings, needed: holds(brief.when, bindings), ...(row && { row }) };
}

/**
 * Whether a condition is true; none is.
 * @throws Failure `InvalidInput` where it gives something else than true or false.
 */
export function holds(when: string | undefined, bindings: Bindings): boolean {
  if (when === undefined) return true;
  const value = evaluate(when, bindings);
  if (typeof value === 'boolean') return value;
  throw new Failure(
    'InvalidInput',
    `\`when: ${when}\` gives ${JSON.stringify(value).slice(0, 80)}, not true or false. Compare it with something.`,
  );
}

/**
 * Values that a template, an expression or a condition fails on are the plan's fault, or a need's: that is an outcome.
 * @throws whatever else `error` is: it says nothing about the brief
 */
export const inputFailure = (error: unknown): Failure =>
  error instanceof Failure && error.detail.unbegun ? error : expecting('InvalidInput', 'InvalidPlan')(error);

async function itemOf(
  { store, k = 0 }: Needing,
  { forEach, id }: Brief,
  { expansion }: UnitState,
): Promise<Item> {
  const key = expansion?.keys[k];
  const ref = expansion?.items[k];
  if (forEach && key !== undefined && ref) return { as: forEach.as, key, value: await readValue(store, ref) };
  throw new Failure(
    'StoreUnavailable',
    `The expansion of ${id} does not hold its item ${k}, though the run counts it as recorded. Does this worker use the store the run began with? \`muster doctor\` shows which it is.`,
  );
}

/** Text of files by digest. */
async function textOf(store: Store, files: readonly InputFile[]): Promise<ReadonlyMap<string, string>> {
  const texts = files.map(async ({ digest }) => {
    const text = decodeValue(await readBlob(store, digest), 'text/plain');
    return [digest, String(text)] as const;
  });
  return new Map(await Promise.all(texts));
}
