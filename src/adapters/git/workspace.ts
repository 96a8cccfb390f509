import { copyFile, lstat, mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Change, type Entry, LINK } from '../../core/files/change.js';
import type { Found } from '../../core/files/produced.js';
import { Failure } from '../../core/outcome/failure.js';
import type { Redactor } from '../../ports/redactor.js';
import { MAX_FILES, type Workspace } from '../../ports/trees.js';
import { limit } from '../stores/limit.js';
import { git, lines, namesIn, Refused, unopened } from './git.js';
import { checkReadable } from './readable.js';
import { contentsOf, type Repository, removal } from './repository.js';
import { secretIn } from './secretIn.js';

/*
 *  1. The folder is a repository with one commit, the start: what runs in it may use git as anywhere, and finds no
 *     repository above.
 *  2. What changed is judged by an index that lies outside, never by what the folder's own repository says: a command
 *     may have written anything there.
 */

/** Files looked at at a time. */
const AT_ONCE = 64;

/** A fresh folder below `spaces` with `tree` in it. */
export async function workspace(
  depot: Repository,
  spaces: string,
  {
    tree,
    within,
    redactor,
  }: { readonly tree: string; readonly within: string; readonly redactor?: Redactor },
): Promise<Workspace> {
  const { run, scratch, where } = depot;
  const index = scratch();
  const place = join(spaces, basename(index));
  const folder = join(place, 'tree');
  await mkdir(folder, { recursive: true });
  const own = { index, tree: folder };

  await run(['read-tree', tree], own);
  await run(['checkout-index', '-a', '-u', '-q'], own);
  await ownRepository();
  await mkdir(join(folder, within), { recursive: true });

  async function ownRepository(): Promise<void> {
    const dot = join(folder, '.git');
    const { out } = await run(['commit-tree', tree, '-m', 'What this workspace began with']);
    await git({ path: where.path, cwd: folder }, ['init', '-q', '--template=', '-b', 'main', folder]);
    await mkdir(join(dot, 'objects', 'info'), { recursive: true });
    await writeFile(join(dot, 'objects', 'info', 'alternates'), `${join(where.repository, 'objects')}\n`);
    await writeFile(join(dot, 'refs', 'heads', 'main'), out);
    await copyFile(index, join(dot, 'index'));
  }

  async function changes(wanted?: (path: string) => boolean, signal?: AbortSignal) {
    await checkReadable(folder);
    const own = { index, tree: folder, signal };
    const list = async (...args: string[]) => {
      const { out, err } = await run([...args, '-z'], own);
      const [closed] = unopened(err);
      if (closed) throw new Refused(`\`${closed}\` cannot be opened`);
      return namesIn(out);
    };
    const untracked = ['ls-files', '--others', '--exclude-standard'];
    const vanished = await list('diff-files', '--name-only', '--diff-filter=D');
    const touched = await list('diff-files', '--name-only', '--diff-filter=d');
    const others = await list(...untracked);
    const ignored = wanted ? (await list(...untracked, '--ignored')).filter(wanted) : [];
    const [repositories, news] = split([...others, ...ignored], (path) => path.endsWith('/'));
    await checkSize([...touched, ...news], folder);
    // Where a link has come in the place of their folder, git would look behind it.
    await run(['update-index', '-z', '--index-info'], { ...own, input: vanished.map(removal).join('') });
    await run(['update-index', '--add', '--remove', '--replace', '-z', '--stdin'], {
      ...own,
      input: lines([...touched, ...news]),
    });
    const raw = await run(
      ['diff-index', '--cached', '--raw', '-z', '--no-renames', '--abbrev=40', tree],
      own,
    );
    const found = await withSizes(namesIn(raw.out), depot);
    const there = new Set(found.map(({ path }) => path));
    const linked = found.flatMap(({ path, after }) =>
      after?.mode === LINK ? [[path, after.id] as const] : [],
    );
    // As they are kept: on disk somebody may change them meanwhile.
    const targets = await contentsOf(
      depot,
      linked.map(([, id]) => id),
    );
    const links = new Map(linked.map(([path, id]) => [path, targets.get(id)!.toString()]));
    return {
      changes: found,
      unkeepable: [
        ...repositories.map((path) => ({ path, because: 'repository' as const })),
        ...news.filter((path) => !there.has(path)).map((path) => ({ path, because: 'name' as const })),
      ] satisfies Found['unkeepable'],
      links,
    };
  }

  return {
    within: join(folder, within),
    changes: (wanted, signal) =>
      changes(wanted, signal).catch((error: unknown) => {
        if (!(error instanceof Refused)) throw error;
        throw new Failure('OutputInvalid', `What it wrote cannot be kept: ${error.message}.`, {
          cause: error,
        });
      }),
    secretIn: async (changes) => redactor && secretIn(depot, changes, redactor),
    paths: async () => namesIn((await run(['ls-files', '-z'], own)).out),
    async remove() {
      // Who was given up may still write; what stays is cleared away with the depot.
      const how = { recursive: true, force: true, maxRetries: 2 };
      await Promise.all([place, index].map((path) => rm(path, how).catch(() => {})));
    },
  };
}

const split = <T>(all: readonly T[], test: (one: T) => boolean): readonly [yes: T[], no: T[]] => [
  all.filter(test),
  all.filter((one) => !test(one)),
];

/** @throws Failure `OutputInvalid` before anything is read that is too much to keep. */
export async function checkSize(paths: readonly string[], folder: string): Promise<void> {
  const limited = limit(AT_ONCE);
  let total = 0;
  const sizeOf = (path: string) =>
    limited(async () => {
      total += await lstat(join(folder, path)).then(
        ({ size }) => size,
        () => 0,
      );
    });
  await Promise.all(paths.map(sizeOf));
  if (total <= MAX_FILES) return;
  throw new Failure(
    'OutputInvalid',
    `The files come to ${Math.ceil(total / 2 ** 20).toLocaleString('en')} MB, which is over ${MAX_FILES / 2 ** 20} MB. Write less, or have \`.gitignore\` name what need not be kept.`,
  );
}

/** The pairs of `diff-index --raw -z`: `:mode mode id id letter`, then the path. */
async function withSizes(raw: readonly string[], { run }: Repository): Promise<Change[]> {
  const rows = raw.flatMap((head, i) =>
    i % 2 === 0 ? [[head.slice(1).split(' '), raw[i + 1]!] as const] : [],
  );
  const ids = [...new Set(rows.flatMap(([[, , before, after]]) => [before!, after!]))].filter(
    (id) => !NONE.test(id),
  );
  const { out } = await run(['cat-file', '--batch-check=%(objectname) %(objectsize)'], {
    input: `${ids.join('\n')}\n`,
  });
  const sizes = new Map(
    out
      .toString()
      .split('\n')
      .map((line) => line.split(' '))
      .map(([id = '', size]) => [id, Number(size)]),
  );
  const entry = (mode: string, id: string): Entry | undefined =>
    NONE.test(id) ? undefined : { mode: mode as Entry['mode'], id, size: sizes.get(id) ?? 0 };
  return rows.map(([[modeBefore, modeAfter, before, after], path]) => {
    const [was, is] = [entry(modeBefore!, before!), entry(modeAfter!, after!)];
    return { path, ...(was && { before: was }), ...(is && { after: is }) };
  });
}

const NONE = /^0+$/;
