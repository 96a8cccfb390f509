import type { Change, Entry } from '../core/files/change.js';
import type { Found } from '../core/files/produced.js';

/** Bytes of a pack, and of all files that changed: what is larger belongs into a store of its own. */
export const MAX_PACK = 256 * 2 ** 20;
export const MAX_FILES = 2 ** 30;

/**
 * Trees of files, and folders made from them, while a run needs them. Trees and contents go by git's ids; a depot knows
 * those of the packs it has learnt, and what was made of them.
 * @throws Failure `StoreUnavailable` where git or the disk does not do its part
 */
export interface Depot {
  /** Takes in the pack of that digest, once. */
  learn(digest: string, load: () => Promise<Uint8Array>): Promise<void>;
  /** All of a tree, by path. */
  entries(tree: string): Promise<ReadonlyMap<string, Entry>>;
  /** The tree that comes of changes to another. */
  apply(tree: string, changes: readonly Change[]): Promise<string>;
  /** The three-way merge of two texts that come of one; undefined where they do not merge, or are none. */
  merge(before: Entry, ours: Entry, theirs: Entry): Promise<Entry | undefined>;
  /** The content that changes come to. @throws Failure `OutputInvalid` where that is more than {@link MAX_PACK} */
  pack(changes: readonly Change[]): Promise<Uint8Array>;
  /** A fresh folder with the tree in it. @param within the folder in it that is worked in, made if missing */
  open(tree: string, within: string): Promise<Workspace>;
  /** Writes the tree into an empty folder. */
  write(tree: string, folder: string): Promise<void>;
  /** The way from one tree to another, for `git apply`. */
  patch(from: string, to: string): Promise<Uint8Array>;
}

/** A folder of its own, and a repository of its own, for one try. */
export interface Workspace {
  /** The folder that is worked in; absolute. */
  readonly within: string;
  /**
   * How the folder differs from the tree it was opened with. What its `.gitignore` files ignore does not count, but for
   * what is `wanted` all the same. Links come with their targets.
   * @throws Failure `OutputInvalid` where something of it cannot be kept at all
   */
  changes(
    wanted?: (path: string) => boolean,
    signal?: AbortSignal,
  ): Promise<Found & { readonly links: ReadonlyMap<string, string> }>;
  /** The first of what changed that has a secret of the worker in it now, in its name or its text, and had none before. */
  secretIn(
    changes: readonly Change[],
  ): Promise<{ readonly path: string; readonly secret: string } | undefined>;
  /** Every path in it that counts, once {@link changes} was asked. */
  paths(): Promise<readonly string[]>;
  remove(): Promise<void>;
}

/** Lends the depot for a base; it lasts while it is lent, and somewhat longer. */
export type Depots = <T>(base: string, work: (depot: Depot) => Promise<T>) => Promise<T>;
