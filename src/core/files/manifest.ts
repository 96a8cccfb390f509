import type { Change, ChangeKind } from './change.js';

/** What one brief or instance changed; stored by digest beside its output. */
export interface Manifest {
  readonly v: 1;
  /** What is kept, by path, against the tree that its workspace began with. */
  readonly changes: readonly Change[];
  /** What it changed beside that, which is not kept. */
  readonly strays: readonly Stray[];
}

export interface Stray {
  /** From the root of the tree; ends with `/` where it is a repository of its own. */
  readonly path: string;
  readonly change: ChangeKind;
  /** Absent: `produces` does not name it. */
  readonly because?: Unkeepable;
}

/** Git keeps none of it: a repository in the tree, or a name that some system would take for `.git`. */
export type Unkeepable = 'repository' | 'name';

/** The tree that all workspaces of a run come from. */
export interface Base {
  readonly kind: 'copy' | 'worktree';
  /** Git's id. */
  readonly tree: string;
  /** The same without the plan's own file: what results are made from, so that an edited plan uses again what it can. */
  readonly key: string;
  /** The plan's folder in it: empty, or `examples/modules`. */
  readonly within: string;
  /** Stored by digest: a pack with all of its objects. */
  readonly pack: { readonly digest: string; readonly size: number };
}
