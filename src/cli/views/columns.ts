import stringWidth from 'string-width';

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/**
 * Labels, keys and messages come from plans, tools and models: what would move the cursor, recolour the screen or
 * turn the direction of writing becomes a space.
 */
export const clean = (text: string): string =>
  text.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069\u2028\u2029]+/gu, ' ');

/** Columns that it takes on a terminal; colours take none. Plain ASCII is told at once: a large plan asks often. */
export const widthOf = (text: string): number => (/^[ -~]*$/.test(text) ? text.length : stringWidth(text));

/** At most `width` columns; what is left out shows as `…`. Text without colours only. */
export function cut(text: string, width: number): string {
  const whole = clean(text);
  if (widthOf(whole) <= width) return whole;
  let kept = '';
  let used = 0;
  for (const { segment } of graphemes.segment(whole)) {
    used += widthOf(segment);
    if (used > width - 1) break;
    kept += segment;
  }
  return width < 1 ? '' : `${kept.trimEnd()}…`;
}

export const pad = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(0, width - widthOf(text)));

/** Cut or filled to exactly `width` columns. */
export const column = (text: string, width: number): string => pad(cut(text, width), width);

/** Widest of the texts, at most `most`. */
export const widest = (texts: readonly string[], most: number): number =>
  Math.min(
    most,
    texts.reduce((so, text) => Math.max(so, widthOf(clean(text))), 0),
  );

/**
 * Broken between words into lines of at most `width` columns; a longer word is broken where it must. The text may hold
 * colours, so what others wrote in it goes through {@link clean} first.
 */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (let word of text.split(' ').filter(Boolean)) {
    while (widthOf(word) > width) {
      const room = line ? width - widthOf(line) - 1 : width;
      const head = room > width / 3 ? headOf(word, room) : '';
      if (head) line = line ? `${line} ${head}` : head;
      lines.push(line);
      line = '';
      word = word.slice(head.length);
    }
    const joined = line ? `${line} ${word}` : word;
    if (widthOf(joined) <= width) line = joined;
    else {
      lines.push(line);
      line = word;
    }
  }
  return line || lines.length === 0 ? [...lines, line] : lines;
}

function headOf(word: string, width: number): string {
  let head = '';
  for (const { segment } of graphemes.segment(word)) {
    if (head && widthOf(head + segment) > width) break;
    head += segment;
  }
  return head;
}

/** `head`, then `text` wrapped beside it; further lines begin below the text. */
export function hang(head: string, text: string, width: number): string[] {
  const indent = widthOf(head);
  return wrap(text, Math.max(20, width - indent)).map(
    (line, i) => (i === 0 ? head : ' '.repeat(indent)) + line,
  );
}
