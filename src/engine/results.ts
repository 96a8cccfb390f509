import type { Store } from '../ports/store.js';
import type { Place } from './segments.js';

/*
 * Results that other runs may use, where their brief says `cache`: `results/<content key>/<first execution run id>.<unit>`
 * names the log that holds the result. A log is kept as long as its result may be used, whatever becomes of its run.
 */
export interface Offered extends Place {
  /** When it was carried out, ms since the epoch. */
  readonly ended: number;
  /** When the brief it comes from no longer lets others use it, ms since the epoch. */
  readonly until: number;
}

const RESULTS = 'results';

/** Everything that was offered under a content key, in no order. */
export async function offeredAs(store: Store, key: string): Promise<readonly Offered[]> {
  const names = await store.list(`${RESULTS}/${key}/`);
  const all = await Promise.all(names.map((name) => readOffered(store, name)));
  return all.filter((one) => one !== undefined);
}

export async function offerAs(store: Store, key: string, offered: Offered): Promise<void> {
  const name = `${RESULTS}/${key}/${offered.run}.${offered.unit}`;
  await store.create(name, new TextEncoder().encode(JSON.stringify(offered)));
}

export const listOffered = (store: Store): Promise<readonly string[]> => store.list(`${RESULTS}/`);

export async function readOffered(store: Store, name: string): Promise<Offered | undefined> {
  const bytes = await store.read(name);
  return bytes && (JSON.parse(new TextDecoder().decode(bytes)) as Offered);
}

/** Whose result a name stands for; undefined for a name of another kind. */
export function placeOffered(name: string): Place | undefined {
  const [, run, unit] = /^results\/[0-9a-f]{64}\/([^/.]+)\.(\d+(?:\.\d+)?)$/.exec(name) ?? [];
  return run === undefined || unit === undefined ? undefined : { run, unit };
}
