/** A number in other clothes: every one of them is the same value. `point` and `comma` say which mark the decimals get. */
export function formats(value: number, decimal: 'point' | 'comma' = 'point'): readonly string[] {
  const [mark, ...separators] =
    decimal === 'point' ? ['.', ',', ' ', '\u202f', '’'] : [',', '.', ' ', '\u00a0'];
  const sign = value < 0 ? '-' : '';
  const [whole = '', decimals] = plain(Math.abs(value)).split('.');
  const end = decimals === undefined ? '' : `${mark}${decimals}`;
  const grouped = separators.map((by) => `${sign}${whole.replace(/\B(?=(\d{3})+$)/g, by)}${end}`);
  const scaled = (scale: number, unit: string): string[] => {
    if (Math.abs(value) < scale) return [];
    const short = plain(Math.abs(value) / scale).replace('.', mark);
    return short.length <= 8 ? [`${sign}${short}${unit}`] : [];
  };
  return [
    ...new Set([
      `${sign}${whole}${end}`,
      ...grouped,
      ...(decimals === undefined ? [] : [`${sign}${whole}${end}0`]),
      ...scaled(1e3, 'k'),
      ...scaled(1e6, decimal === 'point' ? ' million' : ' Mio.'),
      ...(decimal === 'point' && value >= 1e5 ? [value.toExponential().replace('+', '')] : []),
    ]),
  ];
}

const plain = (value: number): string => `${Number(value.toPrecision(12))}`;

/** The number with its nth digit changed into another one, never into 0. */
export function withDigitChanged(written: string, nth: number): string {
  const places = [...written.matchAll(/\d/g)].map(({ index }) => index);
  const at = places[nth % places.length]!;
  const digit = Number(written[at]);
  return `${written.slice(0, at)}${digit === 9 ? 8 : digit + 1}${written.slice(at + 1)}`;
}
