import { type Mark, valuesOf } from './decimals.js';
import type { Token } from './token.js';
import { powerOf, SCALE_PATTERN, UNIT_PATTERN, unitOf } from './units.js';

const NUMBER = [
  String.raw`\d{1,2}:\d{2}(?::\d{2})?(?!\d)`,
  String.raw`\d{1,3}(?:[ \u00a0\u202f\u2009'’]\d{3})+(?!\d)(?:[.,]\d+(?!\d))?`,
  String.raw`\d{1,3}(?:,\d{2,3})*,\d{3}(?![\d])(?:\.\d+)?`,
  String.raw`\d{1,3}(?:\.\d{3})+(?!\d)(?:,\d+)?`,
  String.raw`\d{1,60}(?:[.,]\d{1,60})?`,
].join('|');
const SIGN = String.raw`(?<![\p{L}\p{N}\ue000\ue001)])[-−+]`;
const CURRENCY = String.raw`US\$|[$€£¥₹]|(?<![\p{L}])(?:USD|EUR|GBP|CHF|JPY|INR|SEK|Rs\.?)\s?`;
const FIGURE = new RegExp(
  String.raw`(?=[-−+\d$€£¥₹UEGCJISR])(?<sign>${SIGN})?(?<before>${CURRENCY})?(?<![\p{L}_]|\d[.,]?)(?<number>${NUMBER})` +
    String.raw`(?<exponent>e[+-]?\d{1,3}(?![\p{L}\d]))?` +
    String.raw`(?:\s?(?<scale>${SCALE_PATTERN})(?![\p{L}\p{N}])(?:(?<=Mio|Mrd|Tsd)\.)?|(?<letter>[kmb])(?![\p{L}\p{N}]))?` +
    String.raw`(?:(?:\s|\s?(?:d['’]|de\s|di\s|of\s))?(?<unit>${UNIT_PATTERN})(?![\p{L}\p{N}]))?`,
  'giu',
);
const BETWEEN = /^\s*(?:[-–—]|to|through|bis|à|a|and|und|et|y|e|och)\s*$/i;
/** What takes something away: the figure that follows may be written with a minus in the source. */
const FALL =
  /\b(?:fell|falls?|drop(?:s|ped)?|declined?|decreased?|down|lost|loss(?:es)? of|minus|below zero|fiel|sank|baisse|bajó)\b[^.;]{0,40}$/i;

/** Every number in digits, with its scale, its sign and its unit: `$1.2k`, `12,4 Mio. Euro`, `-8.25`, `3–5 %`. */
export function figuresIn(text: string, mark: Mark | undefined): Token[] {
  if (!/\d/.test(text)) return [];
  const found = [...text.matchAll(FIGURE)].map((match) => figureOf(match, text, mark));
  return found.map((token, n) => inRange(token, found[n + 1], text));
}

function figureOf(match: RegExpExecArray, text: string, mark: Mark | undefined): Token {
  const { sign, before, number = '', exponent = '', scale, letter, unit } = match.groups!;
  const at = match.index;
  const token = { kind: 'figure' as const, text: match[0].trim(), at, end: at + match[0].trimEnd().length };
  if (number.includes(':')) return { ...token, keys: [`time ${number}`], units: [''] };
  const negative = sign === '-' || sign === '−';
  const power = Number(exponent.slice(1) || 0) + powerOf(scale ?? letter ?? '');
  const signs = negative ? [true] : FALL.test(text.slice(Math.max(0, at - 60), at)) ? [false, true] : [false];
  const values = (exponentOf: number) => signs.flatMap((minus) => valuesOf(number, mark, exponentOf, minus));
  const written = before ?? unit;
  const units = [written === undefined ? '' : unitOf(written.trim())];
  const metres = letter?.toLowerCase() === 'm' && written === undefined;
  return {
    ...token,
    keys: [...values(power), ...(metres ? values(0) : [])].map((value) => `number ${value}`),
    units: metres ? ['', 'm'] : units,
  };
}

/** The first of `3–5 million €` may mean millions and euros too. */
function inRange(token: Token, next: Token | undefined, text: string): Token {
  if (!next || !/^[-−+]?[\d.,\s'’]+$/.test(token.text) || !BETWEEN.test(text.slice(token.end, next.at)))
    return token;
  const scaled = figureScale(next.text);
  return {
    ...token,
    keys: [
      ...token.keys,
      ...(scaled === 0 ? [] : token.keys.map((key) => key.replace(/-?\d+$/, (e) => `${Number(e) + scaled}`))),
    ],
    units: [...new Set([...token.units!, ...next.units!])],
  };
}

const SCALED = new RegExp(String.raw`\d\s?(?<scale>${SCALE_PATTERN}|[kmb])(?![\p{L}\p{N}])`, 'iu');
const figureScale = (text: string): number => powerOf(SCALED.exec(text)?.groups?.scale ?? '');
