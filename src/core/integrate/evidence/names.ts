import { FORMS, folded, isCommon, isEnglish, wordsOf } from './words.js';

/** Somebody or something that a text names. */
export interface Name {
  readonly text: string;
  readonly at: number;
  /** Folded, without what only says its legal form. */
  readonly words: readonly string[];
  /** Certainly a name; else it may be a common word that begins a sentence, or a German noun. */
  readonly strong: boolean;
  /** As programs have them. */
  readonly code?: boolean;
  /** Of one of the sources: the field or column that it is a value of. */
  readonly column?: string;
}

const CAPITALISED = String.raw`\p{Lu}[\p{L}\p{M}\p{N}’'&-]*`;
const NAME = new RegExp(
  String.raw`(?<![\p{L}\p{N}])${CAPITALISED}(?:\s(?:(?:of|de|von|van|del|y|&)\s)?${CAPITALISED})*`,
  'gu',
);
/** All of it is in capitals. */
export const isAcronym = (text: string): boolean => /^\p{Lu}{2,}$/u.test(text);
const STARTS = /(?:^|[.!?:…|•>]|["“„«»(])[\s*_]*$/u;
const NOUNS_ARE_CAPITALISED =
  /\b(?:[Dd](?:er|ie|as|en|em)|[Uu]nd|[Ii](?:st|m)|[Ww]urden?|[Bb]etrug|[Vv]on|[Mm]it|[Ee]ine?)\b/;

/** Names by their capitals. `rest` is a text whose tokens are marked; what stands alone in a cell (`alone`) is one for certain. */
export function namesIn(rest: string, alone = false): Name[] {
  const nouns = !alone && NOUNS_ARE_CAPITALISED.test(rest);
  return [...rest.matchAll(NAME)].flatMap(({ 0: match, index }): Name[] => {
    const parts = match.split(/\s/);
    let at = index;
    let skipped = 0;
    while (parts.length > 0 && isCommonHere(parts[0]!, alone)) {
      at += parts.shift()!.length + 1;
      skipped++;
    }
    while (parts.length > 0 && isCommonHere(parts.at(-1)!, alone)) parts.pop();
    const text = parts.join(' ').replace(/['’]s$|['’]$/u, '');
    const words = wordsOf(text).filter((word) => !FORMS.has(word));
    if (words.length === 0 || text.length < 2) return [];
    const first = skipped === 0 && STARTS.test(rest.slice(Math.max(0, index - 4), index));
    const several = parts.length > 1;
    return [{ text, at, words, strong: alone || several || isAcronym(text) || !(first || nouns) }];
  });
}

/** In capitals only `NOT` is a common word, and `MIT` or `OS` none: another language has that. */
const isCommonHere = (word: string, alone: boolean): boolean =>
  isAcronym(word) ? !alone && isEnglish(folded(word)) : isCommon(folded(word));

/** The name that an identifier is. */
export const identifierName = (text: string, at: number): Name => ({
  text,
  at,
  words: wordsOf(text),
  strong: true,
  code: true,
});
