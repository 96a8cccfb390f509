/*
 * Lists whose members are read where they lie, each time one is asked for. To whoever reads it such a list is an array; that
 * it is read one after the other, and nothing of it kept, is what holds memory within bounds.
 */

const MADE = new WeakSet<object>();

/** A list of `length` members, of which the last one read stays at hand. */
export function readBack<T>(length: number, at: (n: number) => T): readonly T[] {
  let last: { readonly n: number; readonly value: T } | undefined;
  const get = (n: number): T => {
    if (last?.n !== n) last = { n, value: at(n) };
    return last.value;
  };
  const target: T[] = [];
  target.length = length;
  const placeOf = (key: string | symbol): number | undefined => {
    if (typeof key !== 'string') return undefined;
    const first = key.charCodeAt(0);
    if (!(first >= 48 && first <= 57)) return undefined;
    const n = Number(key);
    return n < length && `${n}` === key ? n : undefined;
  };
  const list = new Proxy(target, {
    get(all, key) {
      const n = placeOf(key);
      return n === undefined ? Reflect.get(all, key) : get(n);
    },
    has: (all, key) => placeOf(key) !== undefined || Reflect.has(all, key),
    ownKeys: () => [...Array.from({ length }, (_, n) => `${n}`), 'length'],
    getOwnPropertyDescriptor(all, key) {
      const n = placeOf(key);
      if (n === undefined) return Reflect.getOwnPropertyDescriptor(all, key);
      return { value: get(n), enumerable: true, configurable: true, writable: false };
    },
  });
  MADE.add(list);
  return list;
}

/** What a function makes of each member, made when it is asked for where the members are themselves read back. */
export const mapped = <T, R>(all: readonly T[], make: (one: T) => R): readonly R[] =>
  MADE.has(all) ? readBack(all.length, (n) => make(all[n]!)) : all.map(make);

/** Lists one after the other, as one. */
export function joined<T>(lists: readonly (readonly T[])[]): readonly T[] {
  const some = lists.filter(({ length }) => length > 0);
  if (some.length < 2) return some[0] ?? [];
  const ends: number[] = [];
  for (const { length } of some) ends.push((ends.at(-1) ?? 0) + length);
  return readBack(ends.at(-1)!, (n) => {
    const which = ends.findIndex((end) => n < end);
    return some[which]![n - (ends[which - 1] ?? 0)]!;
  });
}
