import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../core/outcome/failure.js';
import { MAX_PACK } from '../../ports/trees.js';
import { type Answered, type Asked, checkGit, git, type Where } from './git.js';

/** Content goes in and out byte by byte, whatever a tree's own `.gitattributes` say. */
const ATTRIBUTES = '* -text -ident -filter -working-tree-encoding !eol !merge !diff\n';

/** A bare repository that git commands run in, some with an index of their own. */
export interface Repository {
  readonly where: Where & { readonly repository: string };
  run(args: readonly string[], asked?: Asked & Pick<Where, 'index' | 'tree' | 'cwd'>): Promise<Answered>;
  /** A path for a file that only this call uses. */
  scratch(): string;
}

/** Makes a repository in a folder that is to be. @throws Failure `StoreUnavailable` where there is no git that will do */
export async function repositoryIn(folder: string, path: string | undefined): Promise<Repository> {
  await checkGit(path);
  const repository = join(folder, 'git');
  await mkdir(join(folder, 'scratch'), { recursive: true });
  const where = { path, repository, cwd: folder };
  await git({ path, cwd: folder }, ['init', '-q', '--bare', '--template=', repository]);
  await mkdir(join(repository, 'info'), { recursive: true });
  await writeFile(join(repository, 'info', 'attributes'), ATTRIBUTES);
  return {
    where,
    run: (args, { index, tree, cwd = tree ?? folder, ...asked } = {}) =>
      git(
        { ...where, cwd, ...(index !== undefined && { index }), ...(tree !== undefined && { tree }) },
        args,
        asked,
      ),
    scratch: () => join(folder, 'scratch', randomBytes(8).toString('hex')),
  };
}

/** A line of `update-index --index-info`. */
export const removal = (path: string): string => `0 ${'0'.repeat(40)}\t${path}\0`;

/** What objects hold, by id. */
export async function contentsOf(
  { run }: Pick<Repository, 'run'>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Buffer>> {
  const { out } = await run(['cat-file', '--batch'], { input: ids.map((id) => `${id}\n`).join('') });
  const found = new Map<string, Buffer>();
  for (let at = 0; at < out.length; ) {
    const begin = out.indexOf('\n', at) + 1;
    const [id = '', , size] = out.toString('latin1', at, begin - 1).split(' ');
    const end = begin + Number(size);
    found.set(id, out.subarray(begin, end));
    at = end + 1;
  }
  return found;
}

/**
 * A pack of the objects that `ids` name, or with `--revs` of all that is in those trees. Nothing of how they lie elsewhere
 * is taken over, so that the same objects make the same bytes.
 * @throws Failure `OutputInvalid` where it is more than {@link MAX_PACK}
 */
export async function packed(
  { run }: Repository,
  ids: readonly string[],
  ...more: readonly '--revs'[]
): Promise<Uint8Array> {
  const how = ['--stdout', '-q', '--no-reuse-object', '--no-reuse-delta', '--window=0', ...more];
  const { out, over } = await run(['pack-objects', ...how], {
    input: ids.map((id) => `${id}\n`).join(''),
    cap: MAX_PACK,
  });
  if (!over) return out;
  throw new Failure(
    'OutputInvalid',
    `The files come to more than ${MAX_PACK / 2 ** 20} MB packed, which is more than Muster keeps. Write less, or have \`.gitignore\` name what need not be kept.`,
  );
}
