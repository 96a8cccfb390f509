import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Change, type Entry, LINK } from '../../core/files/change.js';
import { Failure } from '../../core/outcome/failure.js';
import type { Redactor } from '../../ports/redactor.js';
import type { Depot } from '../../ports/trees.js';
import { Refused } from './git.js';
import { packed, type Repository, removal, repositoryIn } from './repository.js';
import { treeOf } from './tree.js';
import { workspace } from './workspace.js';

/** A depot in a folder of its own, made when first needed. */
export function depotIn(folder: string, path: string | undefined, redactor?: Redactor): Depot {
  let made: Promise<Repository> | undefined;
  const repository = () => {
    made ??= repositoryIn(folder, path).catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
  const learnt = new Map<string, Promise<unknown>>();

  async function learn(digest: string, load: () => Promise<Uint8Array>): Promise<void> {
    let one = learnt.get(digest);
    if (!one) {
      one = Promise.all([repository(), load()]).then(([{ run }, input]) =>
        run(['index-pack', '--stdin', '--fix-thin'], { input }),
      );
      learnt.set(digest, one);
      one.catch(() => learnt.delete(digest));
    }
    await one;
  }

  async function apply(tree: string, changes: readonly Change[]): Promise<string> {
    if (changes.length === 0) return tree;
    const { run, scratch } = await repository();
    const index = scratch();
    const gone = changes.filter(({ after }) => !after);
    const there = changes.filter(({ after }) => after);
    const input = [
      ...gone.map(({ path }) => removal(path)),
      ...there.map(({ path, after }) => `${after!.mode} ${after!.id}\t${path}\0`),
    ].join('');
    await run(['read-tree', tree], { index });
    await run(['update-index', '--add', '-z', '--index-info'], { index, input });
    const { out } = await run(['write-tree'], { index });
    await rm(index, { force: true });
    return out.toString().trim();
  }

  async function entries(tree: string): Promise<ReadonlyMap<string, Entry>> {
    const { run } = await repository();
    const rows = await treeOf(run, tree);
    return new Map(rows.map(({ path, mode, ...entry }) => [path, { mode: mode as Entry['mode'], ...entry }]));
  }

  async function merge(before: Entry, ours: Entry, theirs: Entry): Promise<Entry | undefined> {
    if ([before, ours, theirs].some(({ mode }) => mode === LINK)) return undefined;
    // What only one side changed is that side's, text or not.
    const mode = ours.mode === before.mode ? theirs.mode : ours.mode;
    if (ours.id === before.id) return { ...theirs, mode };
    if (theirs.id === before.id) return { ...ours, mode };
    const { run, scratch } = await repository();
    const place = scratch();
    await mkdir(place);
    const names = ['ours', 'before', 'theirs'];
    try {
      for (const [i, { id }] of [ours, before, theirs].entries())
        await writeFile(join(place, names[i]!), (await run(['cat-file', 'blob', id])).out);
      const merged = await run(['merge-file', '-p', ...names], { cwd: place, ok: CODES });
      if (merged.code === CANNOT && !/binary/i.test(merged.err)) throw new Refused(merged.err);
      if (merged.code !== 0) return undefined;
      const { out } = await run(['hash-object', '-w', '--stdin'], { input: merged.out });
      return { mode, id: out.toString().trim(), size: merged.out.length };
    } finally {
      await rm(place, { recursive: true, force: true });
    }
  }

  async function pack(changes: readonly Change[]): Promise<Uint8Array> {
    const ids = changes.flatMap(({ after }) => (after ? [after.id] : []));
    return packed(await repository(), [...new Set(ids)].sort());
  }

  async function write(tree: string, into: string): Promise<void> {
    const there = await mkdir(into, { recursive: true })
      .then(() => readdir(into))
      .catch((cause: Error) => {
        const why = `\`${into}\` cannot be written: ${cause.message}. Name a new folder.`;
        throw new Failure('InvalidInput', why, { cause });
      });
    if (there.length > 0)
      throw new Failure(
        'InvalidInput',
        `\`${into}\` is not empty. Name a new folder: nothing is written over.`,
      );
    const { run, scratch } = await repository();
    const index = scratch();
    await run(['read-tree', tree], { index });
    await run(['checkout-index', '-a', '-q'], { index, tree: into });
    await rm(index, { force: true });
  }

  async function patch(from: string, to: string): Promise<Uint8Array> {
    const { run } = await repository();
    const how = ['--binary', '--full-index', '--no-renames', '--no-color', '--no-ext-diff', '--no-textconv'];
    return (await run(['diff-tree', '-r', '-p', ...how, from, to])).out;
  }

  const spaces = join(folder, 'spaces');
  return {
    learn: speaking(learn),
    entries: speaking(entries),
    apply: speaking(apply),
    merge: speaking(merge),
    pack: speaking(pack),
    open: speaking(async (tree, within) =>
      workspace(await repository(), spaces, { tree, within, ...(redactor && { redactor }) }),
    ),
    write: speaking(write),
    patch: speaking(patch),
  };
}

/** How many places conflict, which says as much as any; {@link CANNOT} is that it cannot be done. */
const CODES = Array.from({ length: 256 }, (_, code) => code);
const CANNOT = 255;

/** What names and places come to in a tree, whatever the disk: `ENAMETOOLONG`, `EEXIST`, `ENOTDIR`, `EISDIR`. */
const OF_THE_TREE = /file name too long|file already exists|file exists|(not|is|and as) a directory/i;

/**
 * Where git says no to what it was never to refuse, the disk or the installation is at fault, unless no disk could hold
 * such a tree.
 */
function speaking<A extends readonly unknown[], R>(
  work: (...given: A) => Promise<R>,
): (...given: A) => Promise<R> {
  return (...given) =>
    work(...given).catch((error: unknown) => {
      if (error instanceof Failure) throw error;
      const { message } = error as Error;
      if (OF_THE_TREE.test(message))
        throw new Failure('OutputInvalid', `These files make no tree that can be written: ${message}.`, {
          cause: error,
        });
      throw new Failure(
        'StoreUnavailable',
        `Files could not be handled: ${message}. Check the disk of this machine and its git. What was running goes on then.`,
        { cause: error },
      );
    });
}
