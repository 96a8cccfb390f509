/** A name that a template or an expression uses and does not bind itself, and the member it takes of it. */
export interface Reference {
  readonly root: string;
  /** The first member, where it is written out: `vendors` of `params.vendors`. */
  readonly member?: string;
  /** Members within that, one within the other, as far as they are written out; absent: none is. */
  readonly beyond?: readonly string[];
}

/** The names alone, each once, in order of first use. */
export const roots = (references: readonly Reference[]): string[] => [
  ...new Set(references.map((reference) => reference.root)),
];
