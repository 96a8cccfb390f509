import type { Store } from '../../ports/store.js';

/** Takes a name away unless it is younger; or only tells whether it would. @returns its bytes, undefined where it stays */
type Take = (name: string, since: number) => Promise<number | undefined>;

const reallyTake =
  (store: Store): Take =>
  (name, since) =>
    store.remove(name, since);

const onlyTell =
  (store: Store): Take =>
  async (name, since) => {
    const there = await store.look(name);
    return there && there.at < since ? there.size : undefined;
  };

export interface Taken {
  readonly names: number;
  readonly bytes: number;
  /** Names that stay: they are young. */
  readonly young: number;
}

/** Names that are taken at once; between two such lots `still` is called. */
const LOT = 200;

export function taking(store: Store, still: () => Promise<void>, { dryRun }: { readonly dryRun: boolean }) {
  const take = dryRun ? onlyTell(store) : reallyTake(store);
  /** All of them, durably; given `since` (ms since the epoch), but those that were stored or found since then. */
  return async (names: readonly string[], since = Number.POSITIVE_INFINITY): Promise<Taken> => {
    const taken = { names: 0, bytes: 0, young: 0 };
    for (let at = 0; at < names.length; at += LOT) {
      await still();
      const lot = names.slice(at, at + LOT);
      await Promise.all(
        lot.map(async (name) => {
          const bytes = await take(name, since);
          if (bytes === undefined) taken.young += (await store.look(name)) ? 1 : 0;
          else {
            taken.names++;
            taken.bytes += bytes;
          }
        }),
      );
    }
    return taken;
  };
}
