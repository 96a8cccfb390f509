import type { Manifest } from '../core/files/manifest.js';
import { orderOf } from '../core/graph/dag.js';
import { nameOf } from '../core/graph/node.js';
import { labelOf } from '../core/integrate/expected.js';
import { type Contribution, type MergedFiles, mergeFiles } from '../core/integrate/files/merge.js';
import { DELIVERED } from '../core/outcome/outcome.js';
import type { FilesMade, InputsRow } from '../core/outcome/rows.js';
import type { Plan } from '../core/plan/plan.js';
import type { Store } from '../ports/store.js';
import type { Depot } from '../ports/trees.js';
import { readBlob } from './artifacts.js';
import { loadFiles } from './filesMade.js';
import { briefAt, isPaired, type Needing, recordedInputs } from './outputs.js';
import { readState } from './segments.js';

/** A brief or instance that delivered files, by its place in the plan. */
export interface Made {
  readonly u: number;
  readonly k?: number;
  readonly label: string;
  readonly files: FilesMade;
}

/**
 * What the needs of a brief made in workspaces, and theirs in turn. Of a fan among its own needs only what was recorded
 * as delivered when it was joined: whoever comes later begins with the same.
 */
export async function madeBefore(who: Needing, recorded: InputsRow | undefined): Promise<readonly Made[]> {
  const { store, run, plan } = who;
  const found = new Map<string, Made>();
  const seen = new Set<string>();

  async function follow(u: number, k: number | undefined, inputs: InputsRow | undefined): Promise<void> {
    const brief = briefAt(plan, u);
    for (const id of brief.needs) {
      const n = plan.briefs.findIndex((other) => other.id === id);
      const given = inputs?.inputs[id];
      const one = isPaired(brief, id) || !briefAt(plan, n).forEach;
      if (one && given && !DELIVERED.has(given[0]!.status)) continue;
      if (one) await visit(n, isPaired(brief, id) ? k : undefined);
      // One after the other: what they have in common is followed once.
      else for (const at of await instances(n, given)) await visit(n, at);
    }
  }

  async function instances(n: number, recorded: InputsRow['inputs'][string] | undefined): Promise<number[]> {
    const { expansion } = await readState(store, { run, unit: nameOf({ u: n }) });
    const all = [...(expansion?.keys.keys() ?? [])];
    return recorded ? all.filter((k) => DELIVERED.has(recorded[k]?.status ?? 'skipped')) : all;
  }

  async function visit(u: number, k: number | undefined): Promise<void> {
    const unit = nameOf({ u, k });
    if (seen.has(unit)) return;
    seen.add(unit);
    const { final, inputs } = await readState(store, { run, unit });
    const fan = k === undefined ? undefined : await readState(store, { run, unit: nameOf({ u }) });
    if (final?.files) {
      const key = fan?.expansion?.keys[k!];
      const label = labelOf({ brief: briefAt(plan, u).id, ...(key !== undefined && { key }) });
      found.set(unit, { u, ...(k !== undefined && { k }), label, files: final.files });
    }
    await follow(u, k, recordedInputs(fan?.inputs, inputs));
  }

  await follow(who.u, who.k, recorded);
  return inMergeOrder(plan, [...found.values()]);
}

/** Needs before what needs them, else as in the plan; instances as their items. */
export function inMergeOrder(plan: Plan, made: readonly Made[]): readonly Made[] {
  const place = new Map(plan.briefs.map(({ id }, u) => [id, u]));
  const rank = new Map(
    orderOf(plan.briefs.map(({ needs }) => needs.map((id) => place.get(id)!))).map((u, n) => [u, n]),
  );
  return [...made].sort((a, b) => rank.get(a.u)! - rank.get(b.u)! || (a.k ?? 0) - (b.k ?? 0));
}

/** A merged tree, and how it came about. */
export interface MergedTree extends MergedFiles {
  readonly tree: string;
  /** Of each that contributed, in merge order. */
  readonly manifests: readonly (readonly [label: string, manifest: Manifest])[];
}

/** @throws Failure `StoreUnavailable` */
export async function mergeMade(
  { store, plan }: { readonly store: Store; readonly plan: Plan },
  depot: Depot,
  made: readonly Made[],
): Promise<MergedTree> {
  const { base, integrate, briefs } = plan;
  const start = base!.tree;
  await depot.learn(base!.pack.digest, () => readBlob(store, base!.pack.digest));
  const manifests: [string, Manifest][] = [];
  const contributions: Contribution[] = [];
  for (const { u, label, files } of made) {
    const manifest = await loadFiles(store, depot, files);
    manifests.push([label, manifest]);
    contributions.push({ brief: briefs[u]!.id, label, changes: manifest.changes });
  }
  const merged = await mergeFiles(contributions, {
    rules: integrate.files ?? [],
    mergeText: depot.merge,
    base: await depot.entries(start),
  });
  return { ...merged, tree: await depot.apply(start, merged.changes), manifests };
}
