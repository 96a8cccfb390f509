import { oneLine } from '../wording/unseen.js';

/*
 * What briefs, plans and messages say is data. In a page it can be read, and nothing more:
 *  1. markup comes of templates in this folder only: `html` escapes whatever else it is given, in text and in attributes;
 *  2. every attribute is quoted, and none that loads, links or runs anything has a value from a report;
 *  3. no control character, and none that turns the direction of text, is passed on.
 */

class Markup {
  constructor(readonly text: string) {}
}
/** Only {@link html} makes it. */
export type Html = Markup;
export type Part = Html | string | number | false | undefined | readonly Part[];

/** A piece of a page. Of what stands in it, text is escaped, a list is set one after the other, and false and undefined are nothing. */
export const html = (words: TemplateStringsArray, ...parts: readonly Part[]): Html =>
  new Markup(words.reduce((made, word, n) => `${made}${textOf(parts[n - 1])}${word}`));

export const isNothing = ({ text }: Html): boolean => text === '';

function textOf(part: Part): string {
  if (part === undefined || part === false) return '';
  if (part instanceof Markup) return part.text;
  if (typeof part === 'object') return part.map(textOf).join('');
  return oneLine(String(part)).replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

const ENTITIES: { readonly [character: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
