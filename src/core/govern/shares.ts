/**
 * Divides `all` whole units by what each wants: nobody gets more than that, and nobody less than an even part of what is left
 * by those who want less (max-min fairness). The order of `wanted` says who gets the odd unit.
 */
export function shares(all: number, wanted: ReadonlyMap<string, number>): Map<string, number> {
  const out = new Map<string, number>();
  const ascending = [...wanted].sort(([, a], [, b]) => a - b);
  let left = Math.max(0, Math.floor(all));
  for (const [i, [name, want]] of ascending.entries()) {
    // What remains of a division goes to those who want most.
    const share = Math.min(want, Math.floor(left / (ascending.length - i)));
    out.set(name, share);
    left -= share;
  }
  return out;
}
