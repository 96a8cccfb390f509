import type { Json } from './canonical.js';

/** How several samples of a brief became its output, where they were not voted on. */
export type Several = Variants | Views;

/** Each of them is a member of the output, in its order. */
export interface Variants {
  readonly kind: 'variants';
  /** How many were asked for. */
  readonly samples: number;
  /** Numbers of the samples, in the order of the output. */
  readonly order: readonly number[];
  /** Numbers of such as say nearly the same as one before them, with that one. */
  readonly near: readonly { readonly n: number; readonly as: number }[];
  /** By which model they were ranked; absent: they stand as they were asked for. */
  readonly rankedBy?: string;
  /** Those that answered, as their endpoints named themselves; absent: none did. */
  readonly models?: readonly string[];
}

/** The brief as it looks from several viewpoints, brought together by one more call. */
export interface Views {
  readonly kind: 'views';
  readonly views: readonly View[];
  readonly models?: readonly string[];
}
export interface View {
  readonly name: string;
  /** Abridged; absent: it could not be used, for this reason. */
  readonly value?: Json;
  readonly reason?: string;
}
