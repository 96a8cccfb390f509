/** At a time: enough for a store that is far away, and so few that what was read and is not needed any more can go. */
const AT_ONCE = 32;

/** Does something with each, a few at a time; what comes of them, in their order. */
export async function inTurn<T, R>(all: readonly T[], work: (one: T, n: number) => Promise<R>): Promise<R[]> {
  const done: R[] = [];
  for (let n = 0; n < all.length; n += AT_ONCE)
    done.push(...(await Promise.all(all.slice(n, n + AT_ONCE).map((one, k) => work(one, n + k)))));
  return done;
}
