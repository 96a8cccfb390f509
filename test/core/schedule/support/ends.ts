import { LETTERS, type Letter, type State } from '../../../../src/core/schedule/state.js';

/** The word that every unit and instance has come to, by its name. */
export function endsIn({ units, fans }: State): Map<string, string> {
  const words = [...units].map((letter, u) => [`${u}`, LETTERS[letter as Letter]] as const);
  const instances = Object.entries(fans).flatMap(([u, letters]) =>
    [...letters].map((letter, k) => [`${u}.${k}`, LETTERS[letter as Letter]] as const),
  );
  return new Map([...words, ...instances]);
}

/** In an order to be compared. */
export const byName = (ends: ReadonlyMap<string, string>) => [...ends].sort(([a], [b]) => (a < b ? -1 : 1));
