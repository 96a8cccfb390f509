import { Failure } from '../../core/outcome/failure.js';
import type { Clock } from '../../ports/clock.js';
import type { Store } from '../../ports/store.js';

/*
 * One prune of a store at a time, wherever it runs: two could disagree about what goes. Whoever created `prune/holder` and
 * answers for it now and then, by a timer, holds it; one that has not for {@link LEASE_MS} is taken for dead.
 */
export interface Held {
  /** To be called before what cannot be taken back. @throws Failure `Superseded` where another one took this one for dead */
  still(): Promise<void>;
}

const HOLDER = 'prune/holder';
const LEASE_MS = 20_000;

/** @param token tells this holder from every other */
export async function alone<T>(
  store: Store,
  clock: Clock,
  token: string,
  work: (held: Held) => Promise<T>,
): Promise<T | 'busy'> {
  const mine = new TextEncoder().encode(token);
  const isMine = async () => new TextDecoder().decode(await store.read(HOLDER)) === token;
  await store.remove(HOLDER, clock.now() - LEASE_MS);
  // Looked at first: to be created in vain would keep a dead one alive.
  if ((await store.look(HOLDER)) || (await store.create(HOLDER, mine)) === 'exists') return 'busy';
  async function still(): Promise<void> {
    if (await isMine()) await store.create(HOLDER, mine);
    else
      throw new Failure(
        'Superseded',
        'This prune stood still for so long that another one has begun. What is left to remove, that one removes.',
      );
  }
  let stop = () => {};
  let renewing: Promise<void> = Promise.resolve();
  const renewLater = () => {
    stop = clock.after(LEASE_MS / 4, () => {
      // Whether it is lost, the work itself asks.
      renewing = still().then(renewLater, renewLater);
    });
  };
  renewLater();
  try {
    return await work({ still });
  } finally {
    stop();
    await renewing;
    stop();
    if (await isMine()) await store.remove(HOLDER);
  }
}
