import { blanked, FIGURE_MARK, type Token } from './token.js';

/** Names of the months, by number; those of several languages in one line. */
const MONTHS = [
  'january jan januar jänner janvier enero gennaio januari janeiro',
  'february feb februar février febrero febbraio februari fevereiro',
  'march mar märz mars marzo março',
  'april apr avril abril aprile',
  'may mai mayo maggio maj maio',
  'june jun juni juin junio giugno junho',
  'july jul juli juillet julio luglio julho',
  'august aug août agosto augusti',
  'september sep sept septembre septiembre settembre setembro',
  'october oct oktober okt octobre octubre ottobre outubro',
  'november nov novembre noviembre novembro',
  'december dec dezember dez décembre diciembre dicembre dezembro',
].map((line) => line.split(' '));
const numberOf = new Map(MONTHS.flatMap((names, n) => names.map((name) => [name, n + 1] as const)));
const MONTH = String.raw`(?<month>(?<!\p{L})(?:${[...numberOf.keys()].sort((a, b) => b.length - a.length).join('|')})(?!\p{L})(?:(?<=(?<!\p{L})\p{L}{3,4})\.)?)`;
const YEAR = String.raw`(?<year>(?:1[5-9]|20)\d\d)(?!\d|[.,]\d)`;
const DAY = String.raw`(?<![\p{L}\d.,/-])(?<day>[0-3]?\d)`;
const TIME = String.raw`(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?`;
const QUARTERS = ['first', 'second', 'third', 'fourth'];

/** Ways to write a date, by what a text must have at all for them to be worth a look. */
const GROUPS: readonly { readonly has: (text: string) => boolean; readonly forms: readonly RegExp[] }[] = [
  {
    has: (text) => /\d[./-]\d/.test(text),
    forms: formsOf(
      String.raw`(?<![\p{L}\d-])(?<year>(?:1[5-9]|20)\d\d)[-/](?<monthNumber>[01]\d)(?:[-/](?<day>[0-3]\d)${TIME})?(?![\d-])`,
      String.raw`${DAY}\.(?<monthNumber>[01]?\d)\.${YEAR}`,
      String.raw`${DAY}/(?<monthNumber>[0-3]?\d)/${YEAR}`,
    ),
  },
  {
    has: (text) => /Q[1-4]|quarter|FY/i.test(text),
    forms: formsOf(
      String.raw`(?<![\p{L}\d])Q(?<quarter>[1-4])(?:[\s/-]?(?:of\s)?${YEAR})?(?!\d)`,
      String.raw`(?<![\p{L}\d])${YEAR}[\s/-]?Q(?<quarter>[1-4])(?!\d)`,
      String.raw`(?<word>${QUARTERS.join('|')})\squarter\s(?:of\s)?${YEAR}`,
      String.raw`(?<![\p{L}\d])FY\s?${YEAR}`,
    ),
  },
  {
    has: (text) => text.match(/\p{L}{3,10}/gu)?.some((word) => numberOf.has(word.toLowerCase())) ?? false,
    forms: formsOf(
      String.raw`${DAY}(?:st|nd|rd|th|er|º|\.)?(?:\sof|\sde|\sdi)?\s?${MONTH}(?:,?\s(?:de\s|del\s|of\s)?${YEAR})?`,
      String.raw`${MONTH}\s${DAY}(?:st|nd|rd|th)?(?![\p{L}\d]|[.,]\d)(?:,?\s${YEAR})?`,
      String.raw`${MONTH},?\s(?:de\s|del\s|of\s)?${YEAR}`,
      MONTH,
    ),
  },
];

function formsOf(...patterns: readonly string[]): RegExp[] {
  return patterns.map((pattern) => new RegExp(pattern, 'giu'));
}

/** Written so they are words of other meanings, or too short to be a month alone. */
const DOUBTFUL =
  /^(?:may|march|mar|mai|mars|maj|august|jan|apr|jun|jul|sep|sept|oct|okt|dec|dez|nov|feb|aug)\.?$/;

/** Every date but bare years: `2024-03-03`, `3 March 2024`, `March 3`, `03.03.2024`, `Q1 2024`, `März`. */
export function datesIn(text: string): Token[] {
  let found: readonly Token[] = [];
  let rest = text;
  for (const form of GROUPS.flatMap(({ has, forms }) => (has(text) ? forms : []))) {
    const tokens = [...rest.matchAll(form)].flatMap((match) => dateOf(match));
    found = [...found, ...tokens];
    rest = blanked(rest, tokens, FIGURE_MARK);
  }
  return [...found].sort((a, b) => a.at - b.at);
}

function dateOf(match: RegExpExecArray): Token[] {
  const { year, month, monthNumber, day, quarter, word } = match.groups!;
  const bare = month !== undefined && day === undefined && year === undefined;
  if (bare && (DOUBTFUL.test(month) || month === month.toLowerCase())) return [];
  const m = month === undefined ? Number(monthNumber) : numberOf.get(month.toLowerCase().replace(/\.$/, ''))!;
  const q = quarter ?? (word && `${QUARTERS.indexOf(word.toLowerCase()) + 1}`);
  const token = {
    kind: 'date' as const,
    text: match[0],
    at: match.index,
    end: match.index + match[0].length,
  };
  if (q !== undefined) return [{ ...token, keys: [`date ${year ?? '-'}-Q${q}`] }];
  if (month === undefined && monthNumber === undefined) return [{ ...token, keys: [`date ${year}`] }];
  const readings =
    match[0].includes('/') && day !== undefined && !/^\d{4}/.test(match[0])
      ? [
          [m, Number(day)],
          [Number(day), m],
        ]
      : [[m, day === undefined ? undefined : Number(day)]];
  const keys = readings.flatMap(([mm = 0, dd]) =>
    mm < 1 || mm > 12 || (dd !== undefined && (dd < 1 || dd > 31))
      ? []
      : [`date ${year ?? '-'}-${two(mm)}${dd === undefined ? '' : `-${two(dd)}`}`],
  );
  return keys.length === 0 ? [] : [{ ...token, keys: [...new Set(keys)] }];
}

const two = (n: number): string => `${n}`.padStart(2, '0');

/** A date and every coarser one that it lies in: who says `March 2024` of 2024-03-03 says nothing wrong. */
export function coarser(key: string): string[] {
  const [, year, rest] = /^date (-|\d{4})(?:-(.+))?$/.exec(key) ?? [];
  if (rest === undefined) return [key];
  const month = /^\d\d/.exec(rest)?.[0];
  return [
    ...new Set([
      key,
      `date ${year}`,
      ...(month === undefined ? [] : [`date ${year}-${month}`, `date --${month}`]),
      `date --${rest}`,
    ]),
  ].filter((one) => one !== 'date -');
}
