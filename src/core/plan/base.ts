import type { Base } from '../files/manifest.js';
import { Failure } from '../outcome/failure.js';
import { type Draft, ownWorkspace } from './draft.js';
import type { Problems } from './problems.js';
import type { Source, Surroundings } from './surroundings.js';

/** What the workspaces of a plan begin with, found once; undefined where no brief has one of its own. */
export async function baseFor(
  draft: Draft,
  { folder, file }: Pick<Source, 'folder' | 'file'>,
  { base: find, digest }: Surroundings,
  problems: Problems,
): Promise<{ readonly base: Base; readonly pack: Uint8Array } | undefined> {
  const first = draft.briefs.find(ownWorkspace);
  const kind = first && ownWorkspace(first);
  if (!first || !kind || folder === undefined) return undefined;
  const path = ['briefs', first.at, 'workspace'];
  try {
    const { pack, notes, ...found } = await find(kind, folder, file);
    for (const note of notes) problems.warning(path, note);
    return { base: { kind, ...found, pack: { digest: digest(pack), size: pack.length } }, pack };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    problems.error(path, error.message);
    return undefined;
  }
}
