import { copyFile, lstat, readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { namesIn } from './git.js';
import { checkReadable } from './readable.js';
import type { Repository } from './repository.js';

/** Where a repository of the user's keeps what is asked here; absolute. */
export interface Places {
  readonly root: string;
  readonly index: string;
  readonly exclude: string;
}

/**
 * Paths that are not as in `tree`, the last commit. It is the depot that is asked, with copies of the user's index and
 * ignore list: no filter that their configuration names is run, and nothing of theirs is written.
 */
export async function uncommitted(
  { where, run, scratch }: Repository,
  { root, index, exclude }: Places,
  tree: string,
): Promise<string[]> {
  await checkReadable(root);
  const info = join(where.repository, 'info');
  // Line ends count as the tree says: on disk they may well differ from what is committed.
  await writeFile(join(info, 'attributes'), '* -filter -working-tree-encoding\n');
  if (await isFile(exclude)) await copyFile(exclude, join(info, 'exclude'));
  const own = { index: scratch(), tree: root };
  if (await isFile(index)) await copyIndex(index, own.index, where.repository);

  await run(['update-index', '-q', '--refresh', '--unmerged'], { ...own, ok: [0, 1] });
  const list = async (...args: string[]) => namesIn((await run(args, own)).out);
  const changed = await list('diff-index', '--name-only', '-z', '--no-renames', '--ignore-submodules', tree);
  const others = ['ls-files', '--others', '--directory', '--no-empty-directory', '--exclude-standard', '-z'];
  return [...new Set([...changed, ...(await list(...others))])];
}

/** One that is split lies in two files. Its time tells git which of its entries to trust. */
async function copyIndex(from: string, to: string, repository: string): Promise<void> {
  const shared = (await readdir(dirname(from))).filter((name) => name.startsWith('sharedindex.'));
  for (const name of shared) await copyFile(join(dirname(from), name), join(repository, basename(name)));
  await copyFile(from, to);
  const { mtimeMs } = await stat(from);
  await utimes(to, mtimeMs / 1000, mtimeMs / 1000);
}

const isFile = (path: string): Promise<boolean> =>
  lstat(path).then(
    (found) => found.isFile(),
    () => false,
  );
