import type { Activities } from '../contracts/activities.js';
import type { InlinePlan, ScheduledPlan, StoredPlan } from '../contracts/run.js';
import type { RunName } from '../contracts/unit.js';
import type { Digest } from '../core/outcome/canonical.js';
import { Failure } from '../core/outcome/failure.js';
import type { Compiled, Source } from '../core/plan/compile.js';
import { listed } from '../core/plan/problems.js';
import type { Effects } from '../engine/lease.js';
import { openPurses } from '../engine/payers.js';
import { loadPlan, storePlan } from '../engine/plans.js';
import { openRun } from '../engine/runIndex.js';
import { planAt, type ReadPlan } from '../engine/scheduledPlan.js';
import { noteUnbegun, SAFE_ID, sourceOf } from '../engine/scheduleLog.js';
import { announce } from '../engine/starts.js';
import type { Clock } from '../ports/clock.js';
import type { Store } from '../ports/store.js';
import { beating } from './heartbeat.js';

export interface CompileEffects {
  readonly store: Store;
  readonly clock: Clock;
  readonly digest: Digest;
  /** Compiles in a thread of its own: user code shares no event loop with heartbeats. */
  readonly compileInThread: (source: Source) => Promise<Compiled>;
  readonly readPlan: ReadPlan;
  readonly refused: Effects['refused'];
}

/** Activity `compile`: every run starts here, so a refusal comes before anything is started. */
export const compile =
  (effects: CompileEffects): Activities['compile'] =>
  (input) =>
    beating(() => begin(effects, input).catch((error) => unbegun(effects, input, error)));

type Input = Parameters<Activities['compile']>[0];

async function begin(
  effects: CompileEffects,
  { run, plan: given, rerunOf, scheduled, partOf }: Input,
): ReturnType<Activities['compile']> {
  const now = effects.clock.now();
  if (!('digest' in given)) await announced(effects.store, run, now);
  const digest = await digestOf(effects, given, scheduled?.at ?? now);
  const { plan, graph } = await loadPlan(effects.store, digest);
  // A plan that a brief came by has no folder: nobody on this machine has vouched for it.
  const inline = 'inline' in given || (partOf !== undefined && plan.folder === undefined);
  const problems = await effects.refused(plan, { inline });
  if (problems.length > 0) throw new Failure('CommandNotAllowed', listed(problems));
  await openPurses(effects.store, run.first, plan, {
    ...(partOf && { partOf }),
    ...(scheduled && { scheduled }),
  });
  await openRun(effects.store, {
    id: run.id,
    first: run.first,
    ...(rerunOf !== undefined && { rerunOf }),
    ...(partOf && { partOf: { id: partOf.id, first: partOf.first } }),
    ...(run.base && { base: run.base.first }),
    ...(scheduled && { scheduled }),
    plan: digest,
    name: plan.name,
    brief: plan.brief,
    openedAt: effects.clock.now(),
  });
  return { plan: digest, name: plan.name, graph };
}

/** Nobody watches what a schedule starts: why it could not is kept where its record is made. */
async function unbegun(
  { store, clock }: CompileEffects,
  { run, scheduled }: Input,
  error: unknown,
): Promise<never> {
  if (scheduled && SAFE_ID.test(scheduled.id) && error instanceof Failure && error.permanent)
    await noteUnbegun(store, scheduled.id, run.first, {
      ...{ id: run.id, scheduledAt: scheduled.at, at: clock.now() },
      problem: error.message,
    });
  throw error;
}

/** Who starts a stored plan has announced it; here begins what is stored for any other. */
const announced = (store: Store, { id, first, base }: RunName, at: number): Promise<string> =>
  announce(store, { id, at, ...(base && { base: base.first }) }, first);

/** Of the stored plan, which is made where it is not yet. */
async function digestOf(
  effects: CompileEffects,
  given: StoredPlan | InlinePlan | ScheduledPlan,
  at: number,
): Promise<string> {
  if ('digest' in given) return given.digest;
  if (!('inline' in given || 'schedule' in given))
    throw new Failure(
      'InvalidInput',
      'The input has no plan: start with {"plan": {"inline": PLAN, "params": {…}}}.',
    );
  const { compileInThread, store, digest } = effects;
  const compiled = await compileInThread(
    'inline' in given
      ? { document: given.inline, ...(given.params ? { params: given.params } : {}) }
      : await readSource(effects, given, at),
  );
  if (!compiled.ok) throw new Failure('InvalidPlan', listed(compiled.problems));
  return storePlan(store, compiled, digest);
}

async function readSource(
  { store, readPlan }: CompileEffects,
  { schedule, entry }: ScheduledPlan,
  at: number,
): Promise<Source> {
  return planAt(await sourceOf(store, schedule, entry), at, readPlan);
}
