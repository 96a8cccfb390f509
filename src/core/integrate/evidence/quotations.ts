/** Words in quotation marks, and where they stand with their marks. */
export interface Quotation {
  readonly text: string;
  readonly at: number;
  readonly end: number;
}

const QUOTED =
  /"([^"\n]+)"|“([^“”]+)[”“]|„([^“”„"]+)[“”"]|«([^«»]+)»|»([^«»]+)«|(?<![\p{L}\p{N}])‘([^‘’]+(?:’\p{L}[^‘’]*)*)’/gu;

export const quotationsIn = (text: string): Quotation[] =>
  [...text.matchAll(QUOTED)].flatMap((match) => {
    const quoted = match.slice(1).find((one) => one !== undefined) ?? '';
    return /[\p{L}\p{N}]/u.test(quoted)
      ? [{ text: quoted, at: match.index, end: match.index + match[0].length }]
      : [];
  });

/** A text without what typography adds to it: kinds of quotation marks and dashes, white space, emphasis. */
export const plainText = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/[\u00ad\u200b*`]/g, '')
    .replace(/[“”„‟«»]/g, '"')
    .replace(/[‘’‚‛]/g, "'")
    .replace(/[‐‑‒–—−]/g, '-')
    .replace(/\s+/g, ' ')
    .replace(/" (?=\S[^"]* ")| (?=")/g, (mark) => mark.trim());

const OMISSION = /\s*\[?\.{3}\]?\s*/;
const LETTER = /[\p{L}\p{N}]/u;

/**
 * Whether a plain text has these words as they are. The first may begin with another letter case, `…` may stand for what
 * is left out, and a closing full stop says that the sentence ends there.
 */
export function hasWords(plain: string, words: string): boolean {
  const wanted = plainText(words).trim();
  const ends = /[.!?]$/.test(wanted) && !wanted.endsWith('...');
  const parts = wanted
    .replace(/[.,;:!?]+$/, (mark) => (mark.startsWith('...') ? mark : ''))
    .split(OMISSION)
    .filter((part) => part !== '');
  let from = 0;
  for (const [n, part] of parts.entries()) {
    const at = placeOf(plain, part, from, ends && n === parts.length - 1);
    if (at < 0) return false;
    from = at + part.length;
  }
  return parts.length > 0;
}

function placeOf(plain: string, part: string, from: number, ends: boolean): number {
  for (const one of new Set([part, recased(part)]))
    for (let at = plain.indexOf(one, from); at >= 0; at = plain.indexOf(one, at + 1)) {
      const after = plain.slice(at + one.length, at + one.length + 2);
      const whole =
        !(LETTER.test(part[0]!) && LETTER.test(plain[at - 1] ?? '')) &&
        !(LETTER.test(part.at(-1)!) && LETTER.test(after[0] ?? ''));
      if (whole && (!ends || !LETTER.test(after.trimStart()[0] ?? ''))) return at;
    }
  return -1;
}

const recased = (part: string): string => {
  const [first = ''] = part;
  const other = first === first.toLowerCase() ? first.toUpperCase() : first.toLowerCase();
  return `${other}${part.slice(first.length)}`;
};
