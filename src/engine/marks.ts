import type { Store } from '../ports/store.js';
import type { Place } from './segments.js';

/*
 * What people say of results afterwards. A log is written by its holders only, so this lies beside it:
 * `marks/<first execution run id>/<unit>_<n>`, each created once; the last one holds.
 */

export type Mark = 'bad' | 'good';

const prefix = ({ run, unit }: Place): string => `marks/${run}/${unit}_`;

/** Whose result a name speaks of; undefined for a name of another kind. */
export function placeMarked(name: string): Place | undefined {
  const [, run, unit] = /^marks\/([^/]+)\/(\d+(?:\.\d+)?)_\d+$/.exec(name) ?? [];
  return run === undefined || unit === undefined ? undefined : { run, unit };
}

export const listMarks = (store: Store): Promise<readonly string[]> => store.list('marks/');

async function marksOf(store: Store, place: Place): Promise<readonly Mark[]> {
  const found: Mark[] = [];
  for (;;) {
    const bytes = await store.read(`${prefix(place)}${found.length}`);
    if (!bytes) return found;
    found.push(new TextDecoder().decode(bytes) as Mark);
  }
}

/** False where it was marked so already. */
export async function mark(store: Store, place: Place, as: Mark): Promise<boolean> {
  for (;;) {
    const marks = await marksOf(store, place);
    if ((marks.at(-1) ?? 'good') === as) return false;
    const name = `${prefix(place)}${marks.length}`;
    if ((await store.create(name, new TextEncoder().encode(as))) === 'created') return true;
  }
}

export const isBad = async (store: Store, place: Place): Promise<boolean> =>
  (await marksOf(store, place)).at(-1) === 'bad';
