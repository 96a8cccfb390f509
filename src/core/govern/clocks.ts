/**
 * How far the governor's clock is ahead of this one, at least and at most, ms. Of each exchange it is known that the
 * governor's time lies between question and answer (Cristian, 1989); the narrowest of the last few is taken.
 */
export interface Clocks {
  readonly seen: readonly (readonly [least: number, most: number])[];
}

/** Exchanges that count: clocks drift. */
const KEPT = 8;

export const NEVER_MET: Clocks = { seen: [] };

export const met = ({ seen }: Clocks, sent: number, governor: number, received: number): Clocks => ({
  seen: [...seen, [governor - received, governor - sent] as const].slice(-KEPT),
});

/** The governor's time at `here`: not earlier than the first, not later than the second. */
export function there({ seen }: Clocks, here: number): readonly [earliest: number, latest: number] {
  const least = Math.max(...seen.map(([least]) => least));
  const most = Math.min(...seen.map(([, most]) => most));
  // A clock was set meanwhile: what was seen last holds.
  const [from, to] = least <= most ? [least, most] : seen.at(-1)!;
  return [here + from, here + to];
}
