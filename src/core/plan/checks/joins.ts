import { startsEarly } from '../../graph/triggerRules.js';
import { type Draft, needsOf, type WrittenBrief } from '../draft.js';
import { milliseconds } from '../durations.js';
import { didYouMean } from '../nearest.js';
import { MAX_BRIEFS } from '../plan.js';
import type { Path, Problems } from '../problems.js';

type Awaited = NonNullable<WrittenBrief['await']>[string];

/** `join`, `await` and `optional` speak of needs, and of what can come about. */
export function checkJoins(draft: Draft, problems: Problems): void {
  for (const brief of draft.briefs) {
    if (problems.doubts('briefs', brief.at, 'needs')) continue;
    const path = ['briefs', brief.at];
    const needs = needsOf(brief);
    checkOptional(draft, brief, problems);
    if (brief.join && needs.length === 0)
      problems.error(
        [...path, 'join'],
        `\`${brief.id}\` needs nothing, so there is nothing to join. Remove it.`,
      );
    for (const [need, awaited] of Object.entries(brief.await ?? {})) {
      const at = [...path, 'await', need];
      if (needs.includes(need)) checkAwaited(draft, brief, need, awaited, at, problems);
      else
        problems.error(
          at,
          `\`${need}\` is not among the needs of \`${brief.id}\`.${didYouMean(need, needs) || ' Add it to `needs`.'}`,
        );
    }
    checkStated(draft, brief, problems);
  }
}

function checkOptional(
  draft: Draft,
  { at, id, needs, optional, forEach, await: awaited }: WrittenBrief,
  problems: Problems,
): void {
  for (const [i, need] of (optional ?? []).entries()) {
    const path = ['briefs', at, 'optional', i];
    if (!draft.byId.has(need))
      problems.error(path, `no brief is called \`${need}\`.${didYouMean(need, draft.byId.keys())}`);
    else if (needs?.includes(need))
      problems.error(path, `\`${need}\` is among the \`needs\` of \`${id}\` too. Name it in one of them.`);
    else if (forEach?.each === need)
      problems.error(path, `\`${id}\` pairs with \`${need}\`. Say \`await: { ${need}: all_done }\` instead.`);
    else if (awaited?.[need] !== undefined)
      problems.error(
        path,
        `\`await\` says already what \`${id}\` wants of \`${need}\`. Name it in \`needs\`.`,
      );
  }
}

function checkAwaited(
  draft: Draft,
  brief: WrittenBrief,
  need: string,
  awaited: Awaited,
  path: Path,
  problems: Problems,
): void {
  if (typeof awaited === 'string') return;
  const { rule, atLeast, by, rest } = awaited;
  const paired = brief.forEach?.each === need;
  const source = draft.byId.get(need);
  if (rule && atLeast !== undefined)
    problems.error([...path, 'atLeast'], '`rule` and `atLeast` both say when it may start. Keep one.');
  for (const key of ['atLeast', 'by', 'rest'] as const)
    if (paired && awaited[key] !== undefined)
      problems.error(
        [...path, key],
        `\`${brief.id}\` pairs with \`${need}\`: each instance waits for its own one only. A \`rule\` is all that can be said of it.`,
      );
  const most = source && mostOf(source);
  if (atLeast !== undefined && most !== undefined && atLeast > most)
    problems.error(
      [...path, 'atLeast'],
      `\`${need}\` has at most ${most} to deliver, so ${atLeast} never will.`,
    );
  if (rest) checkRest(draft, brief, need, awaited, [...path, 'rest'], problems);
  const { deadline } = draft.document.limits ?? {};
  if (by !== undefined && deadline !== undefined && milliseconds(by) >= milliseconds(deadline))
    problems.warning([...path, 'by'], `the run's deadline of ${deadline} comes first.`);
}

/** How many outcomes it has at most, as far as the plan says. */
function mostOf({ forEach }: WrittenBrief): number | undefined {
  if (!forEach) return 1;
  const { in: items, max, overflow } = forEach;
  if (!Array.isArray(items)) return max;
  return overflow ? Math.min(items.length, max ?? MAX_BRIEFS) : items.length;
}

function checkRest(
  draft: Draft,
  { id }: WrittenBrief,
  need: string,
  { rule, atLeast, by }: Exclude<Awaited, string>,
  path: Path,
  problems: Problems,
): void {
  const others = draft.briefs.filter((other) => other.id !== id && needsOf(other).includes(need));
  if (others[0])
    problems.error(
      path,
      `\`${others[0].id}\` needs \`${need}\` as well, and \`rest: cancel\` would take it away. Remove it here.`,
    );
  else if (atLeast === undefined && by === undefined && !(rule && rule !== 'always' && startsEarly(rule)))
    problems.error(
      path,
      `there is no rest to cancel: \`${id}\` waits for ${rule === 'always' ? 'nothing' : 'all'} of \`${need}\`. Say \`atLeast\` or \`by\`, or remove it.`,
    );
}

/** What a brief writes on the strength of a fan-out with holes is not found out later: its plan has to say that it may. */
function checkStated(draft: Draft, brief: WrittenBrief, problems: Problems): void {
  if (brief.join || (!brief.writes?.length && !brief.produces?.length)) return;
  const unsaid = (brief.needs ?? []).find(
    (need) =>
      draft.byId.get(need)?.forEach && brief.await?.[need] === undefined && need !== brief.forEach?.each,
  );
  if (unsaid === undefined) return;
  problems.error(
    ['briefs', brief.at, 'needs'],
    `\`${brief.id}\` writes files, and instances of \`${unsaid}\` may have failed by then. Say \`join: all_success\` or \`join: all_done\`.`,
  );
}
