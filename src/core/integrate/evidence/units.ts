/** Names of a unit, the first of which it is known by. */
const UNITS: readonly (readonly string[])[] = [
  ['%', 'percent', 'per cent', 'pct', 'prozent', 'pour cent', 'por ciento', 'per cento', 'procent'],
  ['percentage points', 'percentage point', 'pp', 'prozentpunkte'],
  ['usd', '$', 'us$', 'us dollars', 'us dollar', 'dollars', 'dollar'],
  ['eur', '€', 'euros', 'euro'],
  ['gbp', '£', 'pounds', 'pound'],
  ['jpy', '¥', 'yen'],
  ['inr', '₹', 'rupees', 'rs'],
  ['chf', 'francs', 'franken'],
  ['sek', 'kronor', 'kr'],
  ['mm', 'millimetres', 'millimeters'],
  ['cm', 'centimetres', 'centimeters'],
  ['m', 'metres', 'metre', 'meters', 'meter'],
  ['km', 'kilometres', 'kilometre', 'kilometers', 'kilometer'],
  ['mi', 'miles', 'mile'],
  ['ft', 'feet', 'foot'],
  ['µg', 'μg', 'micrograms'],
  ['mg', 'milligrams'],
  ['g', 'grams', 'gram'],
  ['kg', 'kilograms', 'kilogram'],
  ['t', 'tonnes', 'tons', 'toneladas', 'tonnen'],
  ['ms', 'milliseconds', 'millisecond'],
  ['s', 'sec', 'seconds', 'second', 'sekunden'],
  ['min', 'minutes', 'minute', 'minuten'],
  ['h', 'hours', 'hour', 'stunden'],
  ['days', 'day', 'tage'],
  ['weeks', 'week', 'wochen'],
  ['months', 'month', 'monate'],
  ['years', 'year', 'jahre', 'ans', 'anos'],
  ['kb', 'kilobytes'],
  ['mb', 'megabytes'],
  ['gb', 'gigabytes'],
  ['tb', 'terabytes'],
  ['w', 'watts', 'watt'],
  ['kw', 'kilowatts'],
  ['mw', 'megawatts'],
  ['wh'],
  ['kwh'],
  ['hz'],
  ['khz'],
  ['mhz'],
  ['ghz'],
  ['°c'],
  ['°f'],
];
const known = new Map(UNITS.flatMap((names) => names.map((name) => [name, names] as const)));

/** Powers of ten by the word for them. */
const SCALES = new Map<string, number>(
  Object.entries({
    3: 'k thousand tsd tausend mille',
    5: 'lakh lakhs',
    6: 'm mn mio million millions millionen millón millones milione milioni milhões miljoner',
    7: 'crore crores',
    9: 'b bn billion billions mrd milliarde milliarden milliard milliards miliardo miliardi miljarder',
    12: 'tn trillion trillions billionen',
  }).flatMap(([power, names]) => names.split(' ').map((name) => [name, Number(power)] as const)),
);

const alternatives = (names: Iterable<string>): string =>
  [...names]
    .sort((a, b) => b.length - a.length)
    .map((name) => name.replace(/[$.]/g, '\\$&').replace(' ', '\\s'))
    .join('|');

export const SCALE_PATTERN = alternatives([...SCALES.keys()].filter((name) => name.length > 1));
export const UNIT_PATTERN = alternatives([...known.keys()].filter((name) => !/^us\$$/.test(name)));

export const powerOf = (scale: string): number => SCALES.get(scale.toLowerCase()) ?? 0;
export const isUnit = (written: string): boolean => known.has(written.trim().toLowerCase());
export const unitOf = (written: string): string => namesOfUnit(written)[0]!;
/** Every word by which a text can say that a number is in this unit. */
export const namesOfUnit = (written: string): readonly string[] => {
  const name = written.toLowerCase().replace(/\s+/g, ' ').replace(/\.$/, '');
  return known.get(name) ?? [name];
};
