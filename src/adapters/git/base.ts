import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join, posix, relative } from 'node:path';
import type { Base } from '../../core/files/manifest.js';
import { leadsOut } from '../../core/files/produced.js';
import { Failure } from '../../core/outcome/failure.js';
import type { FoundBase } from '../../core/plan/surroundings.js';
import { git, lines, namesIn, Refused, unopened } from './git.js';
import { checkReadable } from './readable.js';
import { contentsOf, packed, type Repository, removal, repositoryIn } from './repository.js';
import { treeOf } from './tree.js';
import { uncommitted } from './uncommitted.js';
import { checkSize } from './workspace.js';

/*
 * What workspaces begin with, fixed once for a run.
 *  1. The plan's folder and its repository are read. Nothing of them is written: not the index, no object, no ref.
 *  2. `copy` asks the folder alone, `worktree` the last commit alone. Nothing that the repository's own settings name
 *     is run.
 */

/** @throws Failure `InvalidInput` where it cannot be had */
export async function baseOf(
  kind: Base['kind'],
  folder: string,
  { path, file }: { readonly path: string | undefined; readonly file?: string },
): Promise<FoundBase> {
  const scratch = await mkdtemp(join(tmpdir(), 'muster-base-'));
  try {
    const repository = await repositoryIn(scratch, path);
    const found = await (kind === 'copy' ? copied(folder, repository) : committed(folder, repository));
    return await finished(found, repository, file === undefined ? undefined : relative(folder, file));
  } catch (error) {
    if (!(error instanceof Failure || error instanceof Refused)) throw error;
    throw new Failure('InvalidInput', error.message, { cause: error });
  } finally {
    await rm(scratch, { recursive: true, force: true }).catch(() => {});
  }
}

async function copied(folder: string, { run, scratch }: Repository): Promise<Indexed> {
  await checkReadable(folder);
  const own = { index: scratch(), tree: folder };
  const { out, err } = await run(['ls-files', '--others', '--exclude-standard', '-z'], own);
  const all = namesIn(out);
  const files = all.filter((path) => !path.endsWith('/'));
  await checkSize(files, folder);
  await run(['update-index', '--add', '-z', '--stdin'], { ...own, input: lines(files) });
  const kept = new Set(namesIn((await run(['ls-files', '-z'], own)).out));
  const notes = [
    ...said(
      unopened(err),
      'a folder that cannot be opened, and is left out',
      'folders that cannot be opened, and are left out',
    ),
    ...said(
      all.filter((path) => path.endsWith('/')),
      'a repository of its own, and is left out',
      'repositories of their own, and are left out',
    ),
    ...said(
      files.filter((path) => !kept.has(path)),
      'a name git cannot keep, and is left out',
      'names git cannot keep, and are left out',
    ),
  ];
  return { within: '', index: own.index, notes };
}

async function committed(folder: string, repository: Repository): Promise<Indexed> {
  const { where, run, scratch } = repository;
  const asked = { path: where.path, home: homedir(), cwd: folder };
  const head = [
    'rev-parse',
    '--show-prefix',
    '--show-object-format',
    '--path-format=absolute',
    ...['objects', 'index', 'info/exclude'].flatMap((path) => ['--git-path', path]),
    '--show-toplevel',
  ];
  const found = await git(asked, [...head, 'HEAD^{tree}']).catch((error: unknown) => {
    if (!(error instanceof Refused)) throw error;
    throw new Refused(
      /not a git repository|HEAD\^\{tree\}/i.test(error.message)
        ? `the plan's folder lies in no repository with a commit (${error.message}). Commit it, or say \`workspace: copy\`.`
        : `the repository of the plan's folder cannot be read: ${error.message}. Mend that, or say \`workspace: copy\`.`,
    );
  });
  const [prefix = '', format, objects = '', theirIndex = '', exclude = '', root = '', tree = ''] = found.out
    .toString()
    .split('\n');
  if (format !== 'sha1')
    throw new Refused(
      'the repository uses SHA-256 ids, which this version does not read. Say `workspace: copy`.',
    );
  const within = prefix.replace(/\/$/, '');
  await writeFile(join(where.repository, 'objects', 'info', 'alternates'), `${objects}\n`);

  const index = scratch();
  await run(['read-tree', tree], { index });
  const modules = (await treeOf(run, tree)).filter(({ mode }) => mode === '160000').map(({ path }) => path);
  if (modules.length > 0)
    await run(['update-index', '-z', '--index-info'], { index, input: modules.map(removal).join('') });
  if (
    within !== '' &&
    namesIn((await run(['ls-files', '-z', '--', `:(literal,top)${within}/`], { index })).out).length === 0
  )
    throw new Refused(`\`${within}\` is not in the last commit. Commit it, or say \`workspace: copy\`.`);
  const dirty = await uncommitted(repository, { root, index: theirIndex, exclude }, tree);
  const notes = [
    ...said(modules, 'a submodule, and is left out', 'submodules, and are left out'),
    ...said(
      dirty,
      'not as in the last commit, which workspaces begin with',
      'not as in the last commit, which workspaces begin with',
    ),
  ];
  return { within, index, notes };
}

/** All of it in an index. */
interface Indexed extends Pick<FoundBase, 'within' | 'notes'> {
  readonly index: string;
}

async function finished(
  { within, index, notes }: Indexed,
  repository: Repository,
  file: string | undefined,
): Promise<FoundBase> {
  const { run } = repository;
  const written = async () => (await run(['write-tree'], { index })).out.toString().trim();
  const tree = await written();
  if (file !== undefined)
    await run(['update-index', '-z', '--index-info'], { index, input: removal(posix.join(within, file)) });
  const links = (await treeOf(run, tree)).filter(({ mode }) => mode === '120000');
  const targets = await contentsOf(
    repository,
    links.map(({ id }) => id),
  );
  const out = links
    .filter(({ id, path }) => leadsOut(path, targets.get(id)!.toString()))
    .map(({ path }) => path);
  return {
    tree,
    key: await written(),
    within,
    pack: await packed(repository, [tree], '--revs'),
    notes: [
      ...notes,
      ...said(
        out,
        'a link that may lead out of the folder: what is written through it is written there',
        'links that may lead out of the folder: what is written through them is written there',
      ),
    ],
  };
}

/** `a.txt is …`, `a.txt, b.txt and 3 more are …`; nothing of none. */
function said(paths: readonly string[], one: string, more: string): string[] {
  if (paths.length === 0) return [];
  const named = paths
    .slice(0, NAMED)
    .map((path) => `\`${path}\``)
    .join(', ');
  const rest = paths.length > NAMED ? ` and ${paths.length - NAMED} more` : '';
  return [`${named}${rest} ${paths.length === 1 ? `is ${one}` : `are ${more}`}.`];
}
const NAMED = 3;
