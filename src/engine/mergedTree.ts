import type { Report } from '../core/integrate/report.js';
import { Failure } from '../core/outcome/failure.js';
import type { Store } from '../ports/store.js';
import type { Depot, Depots } from '../ports/trees.js';
import { readBlob } from './artifacts.js';
import { loadFiles } from './filesMade.js';
import { loadPlan } from './plans.js';

/** A depot that knows the merged tree of a run and what it was made from. */
export interface KnownTrees {
  readonly depot: Depot;
  /** Git's ids. */
  readonly base: string;
  readonly merged: string;
}

/** @throws Failure `InvalidInput` where the run has no merged tree, `StoreUnavailable` */
export async function withMergedTree<T>(
  { store, depots }: { readonly store: Store; readonly depots: Depots },
  { answer, run }: Report,
  work: (known: KnownTrees) => Promise<T>,
): Promise<T> {
  const { base } = (await loadPlan(store, run.plan)).plan;
  if (!base || !answer.files)
    throw new Failure(
      'InvalidInput',
      `No brief of ${run.id} had a workspace of its own: it has no files to give.`,
    );
  if (!run.files)
    throw new Failure(
      'InvalidInput',
      `The merged tree of ${run.id} was too large to keep. Its report lists the files.`,
    );
  const made = run.files;
  return depots(base.pack.digest, async (depot) => {
    await depot.learn(base.pack.digest, () => readBlob(store, base.pack.digest));
    const { changes } = await loadFiles(store, depot, made);
    return work({ depot, base: base.tree, merged: await depot.apply(base.tree, changes) });
  });
}
