/** `0.3 s`, `5 s`, `41 s`, `6m 12s`, `8h 20m`, `2d 3h`. */
export function span(ms: number): string {
  if (ms < 9_950) return `${(ms / 1000).toFixed(1).replace('.0', '')} s`;
  const s = Math.round(ms / 1000);
  if (s < 60) return `${s} s`;
  if (s < 3600) return two(Math.floor(s / 60), 'm', s % 60, 's');
  const m = Math.round(s / 60);
  if (m < 1440) return two(Math.floor(m / 60), 'h', m % 60, 'm');
  const h = Math.round(m / 60);
  return two(Math.floor(h / 24), 'd', h % 24, 'h');
}
const two = (a: number, unitA: string, b: number, unitB: string) => `${a}${unitA}${b ? ` ${b}${unitB}` : ''}`;

/** `0:41`, `1:07`, `1:02:03`: for what counts up. */
export function clock(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1000));
  const hours = Math.floor(s / 3600);
  const minutes = Math.floor(s / 60) % 60;
  const seconds = String(s % 60).padStart(2, '0');
  return hours ? `${hours}:${String(minutes).padStart(2, '0')}:${seconds}` : `${minutes}:${seconds}`;
}

/** `8,210`. */
export const thousands = (n: number): string => n.toLocaleString('en-US');

/** `950`, `12 k`, `2.1 M`. */
export function amount(n: number): string {
  if (n < 1_000) return String(n);
  if (n < 999_500) return `${n < 9_950 ? (n / 1_000).toFixed(1).replace('.0', '') : Math.round(n / 1_000)} k`;
  const millions = n / 1e6;
  return `${millions < 9.95 ? millions.toFixed(1).replace('.0', '') : thousands(Math.round(millions))} M`;
}

/** `1 brief`, `1,203 briefs`. */
export const count = (n: number, noun: string): string => `${thousands(n)} ${noun}${n === 1 ? '' : 's'}`;

export function bytes(n: number): string {
  if (n < 1000) return `${n} B`;
  const units = ['kB', 'MB', 'GB'];
  let size = n / 1000;
  while (size >= 999.5 && units.length > 1) {
    size /= 1000;
    units.shift();
  }
  return `${size < 9.95 ? size.toFixed(1).replace('.0', '') : Math.round(size)} ${units[0]}`;
}

/** `2.5 × faster`, `16 × faster`. */
export const times = (ratio: number): string => `${ratio < 9.95 ? ratio.toFixed(1) : Math.round(ratio)} ×`;
