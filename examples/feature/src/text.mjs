/** The words of a text, in order. */
export const words = (text) => text.match(/\p{L}+/gu) ?? [];

/** A text with its words a space apart, and none at its ends. */
export const tidy = (text) => text.trim().replace(/\s+/g, ' ');
