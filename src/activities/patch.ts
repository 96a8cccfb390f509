import type { Activities } from '../contracts/activities.js';
import { Failure } from '../core/outcome/failure.js';
import { differenceOf, isNothing } from '../core/plan/patch.js';
import { listed } from '../core/plan/problems.js';
import { loadPlan } from '../engine/plans.js';
import { notePatch as note } from '../engine/runIndex.js';
import type { CompileEffects } from './compile.js';
import { beating } from './heartbeat.js';

/** Activity `readPatch`: refuses what is no patch of the run's plan, and what this worker's policy forbids. */
export const readPatch =
  ({ store, refused }: Pick<CompileEffects, 'store' | 'refused'>): Activities['readPatch'] =>
  ({ from, plan, given = false }) =>
    beating(async () => {
      const [old, next] = await Promise.all([loadPlan(store, from), loadPlan(store, plan)]);
      const difference = differenceOf(old.plan, next.plan);
      if (isNothing(difference)) throw new Failure('InvalidInput', 'It is the plan that the run goes by.');
      const inline = given && old.plan.folder === undefined;
      const problems = await refused(next.plan, { inline });
      if (problems.length > 0) throw new Failure('CommandNotAllowed', listed(problems));
      const ids = new Set([...difference.changed.map(({ id }) => id), ...difference.removed]);
      return { graph: next.graph, touched: old.plan.briefs.flatMap(({ id }, u) => (ids.has(id) ? [u] : [])) };
    });

/** Activity `notePatch`: whoever asks the store for the run's plan is told of this one from now on. */
export const notePatch =
  ({ store }: Pick<CompileEffects, 'store'>): Activities['notePatch'] =>
  async ({ run, plan }) => {
    const { patches = [] } = (await loadPlan(store, plan)).plan;
    await note(store, run, patches.filter((patch) => patch.run === run.first).length, plan);
  };
