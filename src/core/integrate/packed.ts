/** Things in their order, in as few packs as a bound on their size allows; one that is larger has a pack of its own. */
export function packed<T>(
  all: readonly T[],
  sizeOf: (one: T) => number,
  most: number,
): readonly (readonly T[])[] {
  const packs: T[][] = [];
  let left = 0;
  for (const one of all) {
    const size = sizeOf(one);
    const last = packs.at(-1);
    if (last && size <= left) last.push(one);
    else packs.push([one]);
    left = (last && size <= left ? left : most) - size;
  }
  return packs;
}
