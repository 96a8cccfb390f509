import type { Kind } from './statement.js';

/** Something in a text that can be looked up. */
export interface Token {
  readonly kind: Exclude<Kind, 'citation'>;
  readonly text: string;
  /** From here to before `end` in its text. */
  readonly at: number;
  readonly end: number;
  /** What it is looked up by: one for each way in which it can be read. */
  readonly keys: readonly string[];
  /** Of a figure the units it can be in, `''` where it is in none. */
  readonly units?: readonly string[];
}

/** Whether nothing says that they are in different units. */
export const isOfUnits = ({ units: a = [''] }: Token, { units: b = [''] }: Token): boolean =>
  a.includes('') || b.includes('') || a.some((unit) => b.includes(unit));

/** In the place of figures and dates, and of links and identifiers. */
export const FIGURE_MARK = '\ue000';
export const OTHER_MARK = '\ue001';

/** The text with marks in the place of these tokens, which are in order. */
export function blanked(text: string, tokens: readonly Token[], mark: string): string {
  if (tokens.length === 0) return text;
  let from = 0;
  const parts = tokens.map(({ at, end }) => {
    const part = text.slice(from, at) + mark.repeat(end - at);
    from = end;
    return part;
  });
  return parts.join('') + text.slice(from);
}
