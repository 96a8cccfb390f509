import { type ChangeKind, kindOf } from '../../files/change.js';
import type { Manifest, Stray } from '../../files/manifest.js';
import type { Collision } from './collision.js';
import type { MergedFiles } from './merge.js';

/** What became of the trees of workspaces: `files` of the answer. Paths are from the root of the tree. */
export interface Files {
  /** Git's id of the merged tree: the same files give the same. */
  readonly tree: string;
  /** How it differs from what the workspaces began with. */
  readonly changes: readonly FileChange[];
  readonly collisions: readonly Collision[];
  /** What briefs changed that is not kept, in plan order. */
  readonly strays: readonly Strayed[];
}
interface FileChange {
  readonly path: string;
  readonly change: ChangeKind;
  /** Labels of the briefs whose work is in it. */
  readonly by: readonly string[];
}
export interface Strayed {
  /** Label. */
  readonly by: string;
  readonly paths: readonly Stray[];
}

export const filesOf = (
  { tree, changes, collisions }: MergedFiles & { readonly tree: string },
  manifests: readonly (readonly [label: string, manifest: Manifest])[],
): Files => ({
  tree,
  changes: changes.map((one) => ({ path: one.path, change: kindOf(one), by: one.by })),
  collisions,
  strays: manifests.flatMap(([by, { strays }]) => (strays.length > 0 ? [{ by, paths: strays }] : [])),
});
