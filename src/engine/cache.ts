/** Keeps the latest used of what is worth keeping, up to a total weight; what is asked for while it loads is loaded once. */
export interface Cache<T> {
  get(key: string, load: () => Promise<Weighed<T>>): Promise<T>;
  /** Nothing is kept where `load` finds nothing. */
  get(key: string, load: () => Promise<Weighed<T> | undefined>): Promise<T | undefined>;
}
export interface Weighed<T> {
  readonly value: T;
  /** Bytes, roughly. */
  readonly weight: number;
}

export function cache<T>(capacity: number): Cache<T> {
  const kept = new Map<string, Weighed<T>>();
  const loading = new Map<string, Promise<Weighed<T> | undefined>>();
  let total = 0;

  function keep(key: string, entry: Weighed<T>): void {
    if (entry.weight > capacity || kept.has(key)) return;
    kept.set(key, entry);
    total += entry.weight;
    for (const [oldest, { weight }] of kept) {
      if (total <= capacity) break;
      kept.delete(oldest);
      total -= weight;
    }
  }

  async function get(key: string, load: () => Promise<Weighed<T>>): Promise<T>;
  async function get(key: string, load: () => Promise<Weighed<T> | undefined>): Promise<T | undefined> {
    const hit = kept.get(key);
    if (hit) {
      kept.delete(key);
      kept.set(key, hit);
      return hit.value;
    }
    let running = loading.get(key);
    if (!running) {
      running = load().finally(() => loading.delete(key));
      loading.set(key, running);
    }
    const loaded = await running;
    if (loaded) keep(key, loaded);
    return loaded?.value;
  }
  return { get };
}

/** One cache for each store, gone when the store is. */
export function cachePerStore<T>(capacity: number): (store: object) => Cache<T> {
  const caches = new WeakMap<object, Cache<T>>();
  return (store) => {
    let one = caches.get(store);
    if (!one) {
      one = cache<T>(capacity);
      caches.set(store, one);
    }
    return one;
  };
}
