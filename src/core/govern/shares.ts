/**
 * Divides `all` whole units by what each wants: nobody gets more than that, and nobody less than an even part of what is left
 * by those who want less (max-min fairness). What remains of a division goes to the first of `wanted` who want more, a unit each.
 */
export function shares(all: number, wanted: ReadonlyMap<string, number>): Map<string, number> {
  const ascending = [...wanted].sort(([, a], [, b]) => a - b);
  let left = Math.max(0, Math.floor(all));
  let even = 0;
  for (const [i, [, want]] of ascending.entries()) {
    even = Math.floor(left / (ascending.length - i));
    if (want > even) break;
    left -= want;
    even = Number.POSITIVE_INFINITY;
  }
  const more = [...wanted].filter(([, want]) => want > even);
  let odd = left - even * more.length;
  return new Map([...wanted].map(([name, want]) => [name, want > even ? even + (odd-- > 0 ? 1 : 0) : want]));
}
