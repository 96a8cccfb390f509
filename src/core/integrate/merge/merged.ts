import type { Json, JsonObject } from '../../outcome/canonical.js';
import type { Voice } from '../rules.js';

/** What one brief or instance delivered. */
export interface Output extends Voice {
  readonly key?: string;
  readonly value: Json;
}

export interface Merged {
  /** Per collection of `integrate.merge` a list of items; nothing declared: each brief's output under its id. */
  readonly data: JsonObject;
  /** Per collection and in the order of its items: the labels of those who said the item. */
  readonly sources: { readonly [collection: string]: readonly (readonly string[])[] };
  readonly conflicts: readonly Conflict[];
  readonly duplicates: readonly Duplicate[];
  /** Beyond what the plan asks for. */
  readonly dropped: readonly Dropped[];
  /** Of collections whose items several sources spoke of. */
  readonly agreement: { readonly [collection: string]: Agreement };
  /** How many items were said, per collection. */
  readonly said: { readonly [collection: string]: number };
  readonly unreduced: readonly Unreduced[];
  /** Outputs that delivered, but have nothing where the merge looks. */
  readonly silent: readonly Silence[];
}

/** A field of one item on which sources differ. */
export interface Conflict {
  readonly in: string;
  /** The key fields of the item. */
  readonly item: JsonObject;
  /** `cost`, or within a map `cost.monthly`. */
  readonly field: string;
  readonly values: readonly Said[];
  /** As the plan writes it: `prefer licences`, `majority`, `keep-both`; absent where no rule decided. */
  readonly rule?: string;
  /** How many were to say the same, and how many did at most, where that is too few for `consensus`. */
  readonly quorum?: { readonly asked: number; readonly most: number };
  /** What a judge said, where one was asked. */
  readonly judge?: string;
  /** Absent where every value is kept. */
  readonly kept?: Json;
  readonly lost: readonly Said[];
}
export interface Said {
  readonly value: Json;
  readonly by: readonly string[];
}

/** The same thing said more than once; kept once. */
export interface Duplicate {
  readonly in: string;
  /** The key fields of the item; the item itself where the collection has no key. */
  readonly item: Json;
  /** Everyone who said it, the one that was kept first. */
  readonly by: readonly string[];
  /** Where it was said in other words: those, and how alike they are, from 0 to 1. */
  readonly near?: readonly Near[];
}
export interface Near {
  readonly value: Json;
  readonly by: string;
  readonly alike: number;
}

export interface Dropped {
  readonly in: string;
  readonly item: Json;
  readonly by: readonly string[];
}

/** Fields that two or more sources spoke of, and of those the ones of which all said the same. */
export interface Agreement {
  readonly compared: number;
  readonly agreed: number;
}

/** A collection that its function did not bring together, so that its items stay as they were said. */
export interface Unreduced {
  readonly in: string;
  readonly why: string;
}

export interface Silence {
  readonly in: string;
  readonly by: string;
  readonly at: string;
}
