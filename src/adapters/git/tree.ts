import { namesIn } from './git.js';
import type { Repository } from './repository.js';

/** Every file of a tree, by whole path. Sizes in bytes. */
export async function treeOf(
  run: Repository['run'],
  tree: string,
): Promise<
  readonly { readonly mode: string; readonly id: string; readonly size: number; readonly path: string }[]
> {
  const { out } = await run(['ls-tree', '-r', '-l', '-z', tree]);
  return namesIn(out).map((line) => {
    const tab = line.indexOf('\t');
    const [mode = '', , id = '', size] = line.slice(0, tab).split(/ +/);
    return { mode, id, size: Number(size), path: line.slice(tab + 1) };
  });
}
