import type { JsonObject } from '../outcome/canonical.js';

/** What must hold of the answer. */
export interface Requirement {
  readonly id: string;
  readonly says: string;
  /** Absent: the requirement is `unchecked`, which is shown and is no failure. */
  readonly check?: Check;
}

export type Check =
  /** CEL list; every member must be among what the JSONPath selects in the merged data. */
  | { readonly kind: 'covers'; readonly covers: string; readonly in: string }
  /** JSON Schema for the merged data, or for what `in` selects. */
  | { readonly kind: 'schema'; readonly schema: JsonObject; readonly in?: string }
  | { readonly kind: 'count'; readonly in: string; readonly min?: number; readonly max?: number }
  /** RE2 pattern that everything `in` selects must match. */
  | { readonly kind: 'matches'; readonly matches: string; readonly in: string }
  /** CEL over `data`, `ledger`, `params` and `inputs` that must be true. */
  | { readonly kind: 'cel'; readonly cel: string };

/** How outputs become one answer. */
export interface Integrate {
  /** In document order. Nothing declared: each brief's output under its own id. */
  readonly merge: readonly Merge[];
  /** What decides where workspaces changed a path differently, and git cannot merge it; tried in order. */
  readonly files?: readonly FileRule[];
  /** Gets `report.json`'s `answer` on standard input; exit 0 = holds. */
  readonly verify?: readonly string[];
}

export interface Merge {
  /** Name of the collection in the merged data. */
  readonly name: string;
  readonly from: readonly string[];
  /** JSONPath (RFC 9535) taken from each source's output, per instance. */
  readonly at: string;
  /** Fields that together name one item; none: everything is kept side by side, exact duplicates removed. */
  readonly key: readonly string[];
  readonly match: 'exact' | 'normalised';
  /** Tried in order, field by field; what none decides is kept both ways. */
  readonly conflicts: readonly Rule[];
}

export type Rule =
  | { readonly kind: 'prefer'; readonly brief: string }
  | { readonly kind: 'majority' }
  | { readonly kind: 'keep-both' };

/** `fail`: every value is kept, and the run does not count as complete. */
export type FileRule = Rule | { readonly kind: 'fail' };
