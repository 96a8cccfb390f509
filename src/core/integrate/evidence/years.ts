import type { Token } from './token.js';

const YEAR_BEFORE =
  /(?:\b(?:in|since|by|from|until|till|of|during|before|after|between|and|to|year|years|founded|im|seit|bis|von|ab|en|depuis|de|del|desde|nel|dal|sedan|år|jahr|année|año)\s|[(©'’]\s?|\b(?:year|founded|since|jahr)["':=]+\s?)$/i;
const COUNTED =
  /^\s(?!(?:was|is|has|as|sees|shows|brings|marks|begins|starts|ends|means|gives|this|his|its|thus|when|then)\b)\p{Ll}+(?:s|en)\b/u;

/** Says of whole numbers of four digits whether they are years, by what stands around them; where nothing tells, they are both. */
export const yearsAmong = (figures: readonly Token[], text: string): Token[] =>
  figures.map((token) => {
    if (!/^(?:1[5-9]|20)\d\d$/.test(token.text) || token.units?.[0] !== '') return token;
    const counted = COUNTED.test(text.slice(token.end, token.end + 30));
    const year = YEAR_BEFORE.test(text.slice(Math.max(0, token.at - 12), token.at));
    const key = `date ${token.text}`;
    if (year && !counted) return { ...token, kind: 'date', keys: [key] };
    return counted && !year ? token : { ...token, kind: 'date', keys: [key, ...token.keys] };
  });
