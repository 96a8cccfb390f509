/**
 * Parts of an allowance, each with the time from which it may be spent, in ms and in order of time. What was spent is
 * there too: it may be spent again when the window that counts it has gone by.
 *
 * A server that allows `n` in any window of `w` ms is never asked for more where each of `n` units is spent at most once in
 * `w`: so the whole allowance is `n` units, and whoever has a unit needs to know only when it is free again.
 */
export type Pieces = readonly (readonly [freeAt: number, amount: number])[];

/** Pieces of so little difference in time are one, as parts of a window: what it costs is half of that. */
const GRAINS = 100;

export const totalOf = (pieces: Pieces): number => pieces.reduce((sum, [, amount]) => sum + amount, 0);

/** What may be spent by `time`. */
export const freeBy = (pieces: Pieces, time: number): number =>
  pieces.reduce((sum, [freeAt, amount]) => (freeAt <= time ? sum + amount : sum), 0);

/** In order, those of about the same time together, at the latest of it; what is free `now` is one. */
export function together(windowMs: number, now: number, ...lists: readonly Pieces[]): Pieces {
  const grain = Math.ceil(windowMs / GRAINS);
  const sums = new Map<number, number>();
  for (const [freeAt, amount] of lists.flat()) {
    const at = freeAt <= now ? 0 : Math.ceil(freeAt / grain) * grain;
    if (amount > 0) sums.set(at, (sums.get(at) ?? 0) + amount);
  }
  return [...sums].sort(([a], [b]) => a - b);
}

/** Takes the first `amount` of them that are free by `time`; undefined where that is not there. */
export function taken(
  pieces: Pieces,
  amount: number,
  time: number,
): { readonly taken: Pieces; readonly left: Pieces } | undefined {
  if (freeBy(pieces, time) < amount) return undefined;
  const out: [number, number][] = [];
  const left: [number, number][] = [];
  let wanted = amount;
  for (const [freeAt, n] of pieces) {
    const some = Math.min(n, wanted);
    if (some > 0) out.push([freeAt, some]);
    if (n > some) left.push([freeAt, n - some]);
    wanted -= some;
  }
  return { taken: out, left };
}

/** When `amount` is free; undefined where it never is. */
export function whenFree(pieces: Pieces, amount: number): number | undefined {
  let sum = 0;
  if (amount <= 0) return 0;
  for (const [freeAt, n] of pieces) {
    sum += n;
    if (sum >= amount) return freeAt;
  }
  return undefined;
}
