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
  /** No two of what `in` selects are the same. */
  | { readonly kind: 'unique'; readonly in: string }
  /** Every one of what `in` selects is a number within these bounds. */
  | { readonly kind: 'range'; readonly in: string; readonly min?: number; readonly max?: number }
  /** CEL number of what went in: as many items as `in` selects, with those that are listed as removed or missing. */
  | { readonly kind: 'reconcile'; readonly reconcile: string; readonly in: string }
  /** CEL over `data`, `ledger`, `params` and `inputs` that must be true. */
  | { readonly kind: 'cel'; readonly cel: string }
  | ProvenanceCheck
  | JudgeCheck;

/** What the texts that `in` selects say must be found in what they rest on. */
export interface ProvenanceCheck {
  readonly kind: 'provenance';
  readonly in: string;
  /** What is not found contradicts the requirement; else it is told. */
  readonly strict: boolean;
  /** What the briefs were given, or what they delivered. */
  readonly against: 'inputs' | 'outputs';
  /** Field of an item that names briefs; absent: those that said it. */
  readonly cites?: string;
  /** Every text is a quotation as a whole. */
  readonly verbatim: boolean;
}

/** A model says whether `says` of the requirement is true. */
export interface JudgeCheck {
  readonly kind: 'judge';
  /** Tier or name of a model. */
  readonly model: string;
  /** By what it judges, beyond the statement. */
  readonly rubric?: string;
  /** What it is shown of the merged data; absent: all. */
  readonly in?: string;
}

/** How outputs become one answer. */
export interface Integrate {
  /** In document order. Nothing declared: each brief's output under its own id. */
  readonly merge: readonly Merge[];
  /** What decides where workspaces changed a path differently, and git cannot merge it; tried in order. */
  readonly files?: readonly FileRule[];
  /** The answer in words, written by a model. */
  readonly synthesize?: Synthesize;
  /** How often what is found wrong goes back to the briefs that said it; absent: never. */
  readonly repairs?: number;
  /** Gets `report.json`'s `answer` on standard input; exit 0 = holds. */
  readonly verify?: readonly string[];
}

export interface Synthesize {
  /** Of the plan's `roles`. */
  readonly role?: string;
  /** Tier or name of a model. */
  readonly model: string;
  /** Characters of material that one call is shown. */
  readonly window: number;
  /** How often what is not borne out goes back to the writer. */
  readonly rounds: number;
  readonly sections: readonly WrittenSection[];
}

export interface WrittenSection {
  readonly title: string;
  /** What it is to say. */
  readonly ask: string;
  /** JSONPath of what it is written from; absent: all of the merged data. */
  readonly in?: string;
  /** JSONPath of names that it has to speak of. */
  readonly covers?: string;
}

export interface Merge {
  /** Name of the collection in the merged data. */
  readonly name: string;
  readonly from: readonly string[];
  /** JSONPath (RFC 9535) taken from each source's output, per instance. */
  readonly at: string;
  /** Fields that together name one item; none: everything is kept side by side, exact duplicates removed. */
  readonly key: readonly string[];
  readonly match: Match;
  /** What counts as the same value of a field; of others `match` says. */
  readonly compare?: { readonly [field: string]: Comparison };
  /** Items without a key that share so much of their words are one, above 0 to 1; absent: only equal ones are. */
  readonly near?: number;
  /** Maps within items are merged field by field, lists united; without a key, all that is said is one item. */
  readonly deep?: true;
  /** Function of the worker's that brings all items together, in place of keys and rules. */
  readonly reduce?: string;
  /** Tried in order, field by field; what none decides is kept both ways. */
  readonly conflicts: readonly Rule[];
  readonly rank?: Rank;
  /** Fields by whose values items stand together. */
  readonly group?: readonly string[];
}

export type Match = 'exact' | 'normalised';

export interface Comparison {
  readonly match?: Match;
  /** Numbers without a unit are in this one, and others are converted to it. */
  readonly unit?: string;
  /** Numbers no further apart are the same. */
  readonly within?: Tolerance;
}
/** `absolute`: in the unit of the field. `relative`: to the larger of the two, 0.01 is one per cent. */
export interface Tolerance {
  readonly kind: 'absolute' | 'relative';
  readonly by: number;
}

/** In which order items stand; those that lack the field come last. */
export interface Rank {
  readonly by: string;
  readonly order: 'descending' | 'ascending';
  /** Only so many are kept; the others are listed as dropped. */
  readonly top?: number;
}

export type Rule =
  | { readonly kind: 'prefer'; readonly brief: string }
  /** What briefs of this role say; `briefs` are those of the plan that have it. */
  | { readonly kind: 'prefer-role'; readonly role: string; readonly briefs: readonly string[] }
  /** Of the items that say it, the one whose field has the first of these values. */
  | { readonly kind: 'prefer-where'; readonly field: string; readonly order: readonly string[] }
  | { readonly kind: 'majority' }
  /** What at least so many say, and more than say anything else. */
  | { readonly kind: 'consensus'; readonly quorum: number }
  /** By another field of the items that say it: a number. */
  | { readonly kind: 'highest' | 'lowest'; readonly field: string }
  /** By another field of the items that say it: a date or time (ISO 8601). */
  | { readonly kind: 'newest' | 'oldest'; readonly field: string }
  /** What a model chooses, whichever way round the values stand. */
  | { readonly kind: 'judge'; readonly model: string; readonly by?: string }
  | { readonly kind: 'keep-both' }
  /** Every value is kept, and the run does not count as complete. */
  | { readonly kind: 'fail' };

/** What a rule for files can go by: they have no fields. */
export type FileRule = Extract<Rule, { readonly kind: 'prefer' | 'majority' | 'keep-both' | 'fail' }>;
