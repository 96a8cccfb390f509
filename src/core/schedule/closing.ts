import type { State, StopReason } from './state.js';

/**
 * What the workflow tells the integrator, for the rows that no unit wrote. On its way it is {@link packed}: some hundred
 * bytes where instances in a row end alike, as they mostly do, and never more than a letter for each.
 */
export interface ClosingNote {
  readonly reason: 'completed' | Exclude<StopReason, 'draining'>;
  /** What somebody skipped, and wanted after all: as in {@link State}. */
  readonly byHand?: readonly string[];
  readonly wanted?: readonly string[];
  /** Final letters, as in {@link State}: which units were started, skipped, refused. */
  readonly units: string;
  readonly fans: { readonly [u: string]: string };
}

/** What the integrator has to know about those that no unit wrote a row for. */
export function closingNote({ stopping, units, fans, byHand, wanted }: State): ClosingNote {
  const reason = stopping === undefined || stopping === 'draining' ? 'completed' : stopping;
  return { reason, ...(byHand && { byHand }), ...(wanted && { wanted }), units, fans };
}

/** The same with runs of one letter as their length and the letter: `sssf` is `3sf`. */
export const packed = ({ fans, ...note }: ClosingNote): ClosingNote => ({
  ...note,
  fans: each(fans, (letters) =>
    letters.replace(/(.)\1{2,}/g, (run, letter: string) => `${run.length}${letter}`),
  ),
});

/** As it was; one that is not packed stays as it is. */
export const unpacked = ({ fans, ...note }: ClosingNote): ClosingNote => ({
  ...note,
  fans: each(fans, (text) =>
    text.replace(/(\d+)(\D)/g, (_, length: string, letter: string) => letter.repeat(Number(length))),
  ),
});

const each = (fans: ClosingNote['fans'], how: (letters: string) => string): ClosingNote['fans'] =>
  Object.fromEntries(Object.entries(fans).map(([u, letters]) => [u, how(letters)]));
