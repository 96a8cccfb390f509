import type { Json } from '../../outcome/canonical.js';

/** A text, and the labels of the briefs whose results it rests on. */
export interface Statement {
  readonly text: string;
  readonly cites: readonly string[];
  /** All of the text is a quotation; absent: what stands in quotation marks. */
  readonly verbatim?: boolean;
}

/** A value, or the text of a file. Whoever stands for the same under several labels is read once. */
export type Part = { readonly value: Json } | { readonly text: string };
/** What can be cited under one label. */
export type Source = readonly Part[];

export type Kind = 'figure' | 'date' | 'quotation' | 'name' | 'link' | 'citation';

export type Why =
  | 'no brief cited'
  | 'unknown id'
  | 'not in the cited result'
  | "in another brief's result"
  | 'about another subject';

/** Something of a statement that its sources do not bear out. */
export interface Finding {
  /** As it is written in the statement; of a citation the label. */
  readonly token: string;
  readonly kind: Kind;
  readonly why: Why;
}
