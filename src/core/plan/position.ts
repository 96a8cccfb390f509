import { type Document, isAlias, isMap, isScalar, isSeq, type Node } from 'yaml';
import type { Path } from './problems.js';

/** The node a path leads to: of a map's member its key, of a list's its item; as far along the path as there is one. */
export function pathNode(document: Document, path: Path): Node | undefined {
  let shown: Node | undefined = document.contents ?? undefined;
  let within: unknown = document.contents;
  for (const step of path) {
    if (isAlias(within)) within = within.resolve(document);
    if (isMap(within)) {
      const pair = within.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      if (!pair) break;
      shown = pair.key as Node;
      within = pair.value;
    } else if (isSeq(within)) {
      const item = within.items[Number(step)];
      if (item === undefined) break;
      shown = item as Node;
      within = item;
    } else break;
  }
  return shown;
}
