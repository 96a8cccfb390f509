import { globsOverlap } from '../../graph/conflicts.js';
import { precedes } from '../../graph/dag.js';
import { type Draft, ownWorkspace, type WrittenBrief } from '../draft.js';
import { endedBefore } from '../joins.js';
import { didYouMean } from '../nearest.js';
import type { Problems } from '../problems.js';
import { producedBy } from '../texts.js';
import { mayMeet, pattern } from './overlaps.js';

/** Keys that speak of a folder which others share. */
const SHARED_ONLY = ['reads', 'writes', 'mirrors'] as const;
/** Pairs that are named; a plan with more of them has one thought to think. */
const MOST_PAIRS = 10;

/** Own workspaces are of one kind, come from a folder, and say what they produce; nobody else says it. */
export function checkWorkspaces(draft: Draft, folder: string | undefined, problems: Problems): void {
  const own = draft.briefs.filter(ownWorkspace);
  const kind = own[0] && ownWorkspace(own[0]);
  for (const brief of draft.briefs) checkBrief(brief, problems);
  for (const brief of own) {
    const path = ['briefs', brief.at, 'workspace'];
    if (ownWorkspace(brief) !== kind)
      problems.error(
        path,
        `\`${own[0]!.id}\` has a \`${kind}\`, and all workspaces of a plan begin with the same files. Use one kind.`,
      );
  }
  if (own[0] && folder === undefined)
    problems.error(
      ['briefs', own[0].at, 'workspace'],
      'a plan that comes without a file has no folder to make workspaces from. Start from a plan file.',
    );
  checkRules(draft, own, problems);
}

function checkBrief(brief: WrittenBrief, problems: Problems): void {
  const at = (key: string, ...more: number[]) => ['briefs', brief.at, key, ...more];
  if (ownWorkspace(brief)) {
    for (const key of SHARED_ONLY)
      if (brief[key] !== undefined)
        problems.error(
          at(key),
          `\`${key}\` speaks of the shared folder, and \`${brief.id}\` has a workspace of its own.${key === 'writes' ? ' Say `produces`.' : ' Remove it.'}`,
        );
  } else if (brief.produces !== undefined && !problems.doubts(...at('workspace'))) {
    problems.error(
      at('produces'),
      `\`${brief.id}\` works in the plan's folder. Say \`workspace: copy\`, or use \`writes\`.`,
    );
  }
  for (const [i, glob] of (brief.produces ?? []).entries())
    if (glob.startsWith('!'))
      problems.error(
        at('produces', i),
        `\`${glob}\` would name everything but that. Name what it produces, or write \`\\!\` for the sign itself.`,
      );
    else if (glob.startsWith('/') || glob.split('/').includes('..'))
      problems.error(at('produces', i), `\`${glob}\` leads out of the plan's folder. Name what lies in it.`);
}

function checkRules({ document, byId }: Draft, own: readonly WrittenBrief[], problems: Problems): void {
  const { files } = document.integrate ?? {};
  if (!files) return;
  const path = ['integrate', 'files'];
  if (own.length === 0 && !problems.doubts('briefs'))
    problems.error(path, 'no brief has a workspace of its own, so there are no trees to merge. Remove this.');
  const ids = own.map(({ id }) => id);
  for (const [i, rule] of (files.conflicts ?? []).entries()) {
    if (typeof rule === 'string' || own.length === 0) continue;
    for (const brief of [rule.prefer].flat()) {
      if (ids.includes(brief)) continue;
      const why = byId.has(brief) ? 'has no workspace of its own' : 'is no brief';
      problems.error([...path, 'conflicts', i, 'prefer'], `\`${brief}\` ${why}.${didYouMean(brief, ids)}`);
    }
  }
}

/** Where two may produce the same path, neither waits for the other, and no rule says what then. Needs an acyclic graph. */
export function likelyCollisions(draft: Draft, problems: Problems): void {
  if (draft.document.integrate?.files?.conflicts?.length) return;
  const briefs = [...draft.byId.values()];
  const place = new Map(briefs.map(({ id }, u) => [id, u]));
  const before = precedes(briefs.map((brief) => endedBefore(brief).flatMap((id) => place.get(id) ?? [])));
  const all = briefs.flatMap((brief, u) => producedBy(brief).map((written) => pattern(draft, written, u)));
  const told = new Set<string>();
  for (const [one, other] of mayMeet(all)) {
    if (before(one.u, other.u) || before(other.u, one.u)) continue;
    const witness = globsOverlap(one.glob, other.glob);
    const pair = `${one.u},${other.u}`;
    if (witness === undefined || told.has(pair)) continue;
    if (told.add(pair).size > MOST_PAIRS) return;
    problems.warning(
      other.path,
      `\`${briefs[one.u]!.id}\` and \`${briefs[other.u]!.id}\` may both produce \`${witness}\`. Git merges it; say under \`integrate.files.conflicts\` what decides where it cannot.`,
    );
  }
}
