/** Inserts into a list sorted from largest to smallest, so that the smallest is popped in constant time. */
export function insertSorted<T>(list: T[], item: T, compare: (a: T, b: T) => number): void {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(list[middle]!, item) > 0) low = middle + 1;
    else high = middle;
  }
  list.splice(low, 0, item);
}
