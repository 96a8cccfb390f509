import type { Json } from '../../../../../src/core/outcome/canonical.js';

/** A statement that its record bears out, and what in it can be said otherwise, or wrongly. */
export interface Claim {
  readonly text: string;
  /** The same in other words, written by hand. */
  readonly reworded?: readonly string[];
  /** The number in a figure of the text as it is written there, and its value. */
  readonly figure?: readonly [written: string, value: number];
  /** A number that the record has for another subject, written so that it can take the place of `figure`. */
  readonly other?: string;
  readonly name?: readonly [written: string, altered: string];
  readonly date?: readonly [written: string, altered: string];
  /** The same date, written differently. */
  readonly dates?: readonly string[];
  readonly quote?: readonly [written: string, altered: string];
  readonly link?: readonly [written: string, invented: string];
}

/** What one brief delivered, and what can be said of it. */
export interface SourceRecord {
  readonly label: string;
  readonly value: Json;
  /** How its statements write numbers; `point` where absent. */
  readonly decimal?: 'point' | 'comma';
  readonly claims: readonly Claim[];
}
