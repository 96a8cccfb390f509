import { FORMS, folded, isCommon, wordsOf } from './words.js';

/** Somebody or something that a text names. */
export interface Name {
  readonly text: string;
  readonly at: number;
  /** Folded, without what only says its legal form. */
  readonly words: readonly string[];
  /** Certainly a name; else it may be a common word that begins a sentence, or a German noun. */
  readonly strong: boolean;
  /** Of one of the sources: the field or column that it is a value of. */
  readonly column?: string;
}

const CAPITALISED = String.raw`\p{Lu}[\p{L}\p{M}\p{N}’'&-]*`;
const NAME = new RegExp(
  String.raw`(?<![\p{L}\p{N}])${CAPITALISED}(?:\s(?:(?:of|de|von|van|del|y|&)\s)?${CAPITALISED})*`,
  'gu',
);
const STARTS = /(?:^|[.!?:…|•>]|["“„«»(])[\s*_]*$/u;
const NOUNS_ARE_CAPITALISED = /\b(?:der|die|das|und|ist|wurden?|betrug|von|im|mit|eine?|den|dem)\b/i;

/** Names by their capitals. `rest` is a text whose tokens are marked; what stands alone in a cell (`alone`) is one for certain. */
export function namesIn(rest: string, alone = false): Name[] {
  const nouns = !alone && NOUNS_ARE_CAPITALISED.test(rest);
  return [...rest.matchAll(NAME)].flatMap(({ 0: match, index }): Name[] => {
    const parts = match.split(/\s/);
    let at = index;
    let skipped = 0;
    while (parts.length > 0 && isCommon(folded(parts[0]!))) {
      at += parts.shift()!.length + 1;
      skipped++;
    }
    while (parts.length > 0 && isCommon(folded(parts.at(-1)!))) parts.pop();
    const text = parts.join(' ').replace(/['’]s$|['’]$/u, '');
    const words = wordsOf(text).filter((word) => !FORMS.has(word));
    if (words.length === 0 || text.length < 2) return [];
    const first = skipped === 0 && STARTS.test(rest.slice(Math.max(0, index - 4), index));
    const several = parts.length > 1;
    const acronym = /^\p{Lu}{2,}$/u.test(text);
    return [{ text, at, words, strong: alone || several || acronym || !(first || nouns) }];
  });
}

/** The name that an identifier is. */
export const identifierName = (text: string, at: number): Name => ({
  text,
  at,
  words: wordsOf(text),
  strong: true,
});
