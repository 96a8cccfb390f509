import type { Activities } from '../contracts/activities.js';
import type { InlinePlan, PlanSource, StoredPlan } from '../contracts/run.js';
import type { Digest, JsonObject } from '../core/outcome/canonical.js';
import { Failure } from '../core/outcome/failure.js';
import type { Compiled, Source } from '../core/plan/compile.js';
import type { Plan } from '../core/plan/plan.js';
import type { Problem } from '../core/plan/problems.js';
import { typedParams } from '../core/plan/typedParams.js';
import { loadPlan, storePlan } from '../engine/plans.js';
import { openRun } from '../engine/runIndex.js';
import { computedParams, loadSource } from '../engine/sources.js';
import type { Clock } from '../ports/clock.js';
import type { Store } from '../ports/store.js';
import { beating } from './heartbeat.js';

export interface CompileEffects {
  readonly store: Store;
  readonly clock: Clock;
  readonly digest: Digest;
  /** Compiles in a thread of its own: user code shares no event loop with heartbeats. */
  readonly compileInThread: (source: Source) => Promise<Compiled>;
  /** A plan file with the schema of its params. @throws Failure `InvalidInput` where it cannot be read */
  readonly readPlan: (file: string) => {
    readonly text: string;
    readonly folder: string;
    schema(): JsonObject | undefined;
  };
  /** What this worker's policy refuses of a plan, and what the worker lacks for it. */
  readonly refused: (plan: Plan, how: { readonly inline: boolean }) => Promise<readonly Problem[]>;
}

/** Activity `compile`: every run starts here, so a refusal comes before anything is started. */
export const compile =
  (effects: CompileEffects): Activities['compile'] =>
  ({ run, plan: given, rerunOf, scheduled }) =>
    beating(async () => {
      const digest = await digestOf(effects, given, scheduled?.at ?? effects.clock.now());
      const { plan, graph } = await loadPlan(effects.store, digest);
      const problems = await effects.refused(plan, { inline: 'inline' in given });
      if (problems.length > 0) throw new Failure('CommandNotAllowed', listed(problems));
      await openRun(effects.store, {
        id: run.id,
        first: run.first,
        ...(rerunOf !== undefined && { rerunOf }),
        ...(scheduled && { scheduled }),
        plan: digest,
        name: plan.name,
        brief: plan.brief,
        openedAt: effects.clock.now(),
      });
      return { plan: digest, name: plan.name, graph };
    });

/** Of the stored plan, which is made where it is not yet. */
async function digestOf(
  effects: CompileEffects,
  given: StoredPlan | InlinePlan | PlanSource,
  at: number,
): Promise<string> {
  if ('digest' in given) return given.digest;
  const { compileInThread, store, digest } = effects;
  const compiled = await compileInThread(
    'inline' in given
      ? { document: given.inline, ...(given.params ? { params: given.params } : {}) }
      : await sourceOf(effects, given, at),
  );
  if (!compiled.ok) throw new Failure('InvalidPlan', listed(compiled.problems));
  return storePlan(store, compiled, digest);
}

async function sourceOf(
  { store, readPlan }: CompileEffects,
  { source }: PlanSource,
  at: number,
): Promise<Source> {
  const stored = await loadSource(store, source);
  const { text, folder, schema } = readPlan(stored.file);
  const options = Object.entries(computedParams(stored, at)).map(([name, value]) => `${name}=${value}`);
  const { file } = stored;
  return {
    text,
    path: file,
    file,
    folder,
    params: { ...stored.params, ...typedParams(options.length > 0 ? schema() : undefined, options) },
  };
}

const listed = (problems: readonly Problem[]) =>
  problems.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('\n');
