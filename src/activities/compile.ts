import type { Activities } from '../contracts/activities.js';
import type { InlinePlan } from '../contracts/run.js';
import type { Digest } from '../core/outcome/canonical.js';
import { Failure } from '../core/outcome/failure.js';
import type { Compiled, Source } from '../core/plan/compile.js';
import type { Plan } from '../core/plan/plan.js';
import type { Problem } from '../core/plan/problems.js';
import { loadPlan, storePlan } from '../engine/plans.js';
import { openRun } from '../engine/runIndex.js';
import type { Clock } from '../ports/clock.js';
import type { Store } from '../ports/store.js';
import { beating } from './heartbeat.js';

export interface CompileEffects {
  readonly store: Store;
  readonly clock: Clock;
  readonly digest: Digest;
  /** Compiles in a thread of its own: user code shares no event loop with heartbeats. */
  readonly compileInThread: (source: Source) => Promise<Compiled>;
  /** What this worker's policy refuses of a plan. */
  readonly refused: (plan: Plan, how: { readonly inline: boolean }) => readonly Problem[];
}

/** Activity `compile`: every run starts here, so a refusal comes before anything is started. */
export const compile =
  (effects: CompileEffects): Activities['compile'] =>
  ({ run, plan: given, rerunOf }) =>
    beating(async () => {
      const digest = 'digest' in given ? given.digest : await compileInline(effects, given);
      const { plan, graph } = await loadPlan(effects.store, digest);
      const problems = effects.refused(plan, { inline: !('digest' in given) });
      if (problems.length > 0) throw new Failure('CommandNotAllowed', listed(problems));
      await openRun(effects.store, {
        id: run.id,
        first: run.first,
        ...(rerunOf !== undefined && { rerunOf }),
        plan: digest,
        name: plan.name,
        brief: plan.brief,
        openedAt: effects.clock.now(),
      });
      return { plan: digest, name: plan.name, graph };
    });

async function compileInline(
  { compileInThread, store, digest }: CompileEffects,
  given: InlinePlan,
): Promise<string> {
  const compiled = await compileInThread({
    document: given.inline,
    ...(given.params ? { params: given.params } : {}),
  });
  if (!compiled.ok) throw new Failure('InvalidPlan', listed(compiled.problems));
  return storePlan(store, compiled, digest);
}

const listed = (problems: readonly Problem[]) =>
  problems.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('\n');
