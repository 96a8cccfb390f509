/** Controls, halves of characters, separators of lines, marks and overrides of direction, zero width, byte order mark. Joiners stay: scripts need them. */
const UNSEEN = /[\p{Cc}\p{Cs}\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/gu;

/** A text within one line, with a mark in place of every character that cannot be seen. */
export const oneLine = (text: string): string =>
  text.replace(/[\r\n\t\u2028\u2029]+/g, ' ').replace(UNSEEN, '\ufffd');

/** The lines of a text, as it breaks them. */
export const linesOf = (text: string): string[] => text.split(/\r\n|[\r\n\u2028\u2029]/);
