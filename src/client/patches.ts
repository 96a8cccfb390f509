import { sha256 } from '../adapters/digest.js';
import { Failure } from '../core/outcome/failure.js';
import { differenceOf, isNothing, patchPlan } from '../core/plan/patch.js';
import type { Difference } from '../core/plan/plan.js';
import { listed, Problems } from '../core/plan/problems.js';
import { checkGraphSize } from '../core/plan/size.js';
import { loadPlan, storePlan } from '../engine/plans.js';
import type { Around } from './around.js';
import { soundBy } from './sound.js';
import type { Muster, PatchResult } from './surface.js';

/** Plans of runs that go on, patched: compiled here like any other, and adopted by the run itself. */
export function patchesOn({ store, service, check, known }: Around): Pick<Muster, 'patch'> {
  const sound = soundBy(check);

  /** As things stand; whether it holds is decided where the run is. */
  async function begunOf(id: string, { changed, removed }: Difference, plan: string): Promise<string[]> {
    const answer = await (await service()).status(id);
    const { briefs } = (await loadPlan(store, plan)).plan;
    const ids = new Set([...changed.map(({ id }) => id), ...removed]);
    const hasBegun = (u: number) => !['.', 'k'].includes(answer?.units[u] ?? '.');
    return briefs.flatMap(({ id }, u) => (ids.has(id) && hasBegun(u) ? [id] : []));
  }

  return {
    async patch(given, plan, { dryRun, params, folder } = {}): Promise<PatchResult> {
      const { id, first, plan: from } = await known(given);
      const notOpen = () =>
        new Failure('InvalidInput', `No run called ${id} is open. See which are: muster list`);
      if (!(await (await service()).describe(id))?.open) throw notOpen();
      const old = (await loadPlan(store, from)).plan;
      const edited = await sound(plan, {
        params: { ...old.params, ...params },
        ...((folder ?? old.folder) !== undefined && { folder: folder ?? old.folder! }),
      });
      const patched = patchPlan(old, edited.plan, { run: first, from, at: Date.now() });
      const difference = differenceOf(old, patched);
      if (dryRun || isNothing(difference))
        return { ...difference, begun: await begunOf(id, difference, from) };
      const { unitGraph } = await import('../core/plan/unitGraph.js');
      const graph = unitGraph(patched);
      const problems = new Problems();
      checkGraphSize(graph, problems);
      if (problems.failed) throw new Failure('InvalidPlan', listed(problems.list()));
      const digest = await storePlan(store, { plan: patched, graph, files: edited.files }, sha256);
      const steered = await (await service()).update(id, 'patch', { from, plan: digest });
      if (!steered) throw notOpen();
      return { ...difference, begun: [] };
    },
  };
}
