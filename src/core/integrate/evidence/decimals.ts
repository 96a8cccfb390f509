/** Which mark begins the decimals of a text. */
export type Mark = 'point' | 'comma';

const POINT = /\b(?:the|of|and|is|was|were|are|has|have|had|with|from|than|which|that|it|by|to)\b/gi;
const COMMA =
  /\b(?:der|die|das|den|dem|und|ist|war|wurden?|mit|von|vom|im|am|betrug|le|la|les|des|est|une?|et|du|dans|el|los|las|del|en|y|por|il|di|che|della|ha|nel|de|da|dos|das|com|para|foi|och|är|av|på|har|det|som|em|não|uma|os)\b/giu;

/** By the language of a text, or else by its own unmistakable numbers; undefined where neither tells. */
export function markOf(text: string): Mark | undefined {
  const count = (pattern: RegExp) => text.match(pattern)?.length ?? 0;
  const words = count(POINT) - count(COMMA);
  if (words !== 0) return words > 0 ? 'point' : 'comma';
  const numbers =
    count(/(?<![\d.,])\d+\.\d{1,2}(?![\d.,])|\d,\d{3}\.\d/g) -
    count(/(?<![\d.,])\d+,\d{1,2}(?![\d.,])|\d\.\d{3},\d/g);
  return numbers === 0 ? undefined : numbers > 0 ? 'point' : 'comma';
}

/** A decimal number without a second way to write it: `-12e2` for -1,200. */
function canonicalNumber(whole: string, decimals: string, exponent: number, negative: boolean): string {
  const digits = `${whole}${decimals}`.replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  const power = exponent - decimals.length + digits.length - significant.length;
  return `${negative ? '-' : ''}${significant}e${power}`;
}

/**
 * What a number may mean that is written in digits and separators: one value, or two where `1.234` can be either.
 * @param exponent power of ten that it is multiplied by
 */
export function valuesOf(written: string, mark: Mark | undefined, exponent = 0, negative = false): string[] {
  const text = written.replace(/[\s'’]/g, '');
  const value = (decimal: string) => {
    const [whole = '', decimals = ''] = decimal === '' ? [text] : text.split(decimal);
    return canonicalNumber(whole.replace(/[.,]/g, ''), decimals, exponent, negative);
  };
  const marks = text.match(/[.,]/g) ?? [];
  const last = marks.at(-1);
  if (last === undefined) return [value('')];
  if (marks.length > 1) return [value(text.indexOf(last) === text.lastIndexOf(last) ? last : '')];
  const thousands = /^[1-9]\d{0,2}[.,]\d{3}$/.test(text);
  if (!thousands || /[\s'’]/.test(written)) return [value(last)];
  if (mark === undefined) return [value(last), value('')];
  return [value((mark === 'point') === (last === '.') ? last : '')];
}
