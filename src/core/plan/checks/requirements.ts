import { RE2JS, RE2JSException } from 're2js';
import { celReferences } from '../cel.js';
import type { Draft } from '../draft.js';
import { didYouMean } from '../nearest.js';
import type { Path, Problems } from '../problems.js';
import type { PlanDocument } from '../schema.js';
import { checkJsonPath } from './jsonPaths.js';
import { checkPlanName, readReferences } from './names.js';

type WrittenCheck = NonNullable<NonNullable<PlanDocument['requirements']>[number]['check']>;
const KINDS = [
  'covers',
  'schema',
  'count',
  'matches',
  'unique',
  'range',
  'reconcile',
  'cel',
  'provenance',
  'judge',
] as const;
/** Those that look at a place. */
const PLACED = ['covers', 'count', 'matches', 'unique', 'range', 'reconcile', 'provenance'] as const;
/** Keys that only say more about a kind of check. */
const MORE = { provenance: ['against', 'cites', 'verbatim'], judge: ['rubric'] } as const;
/** What the expressions of requirements see. */
const ANSWER_NAMES = ['data', 'ledger', 'params', 'inputs'];

/** Each requirement is checked one way that can be read. */
export function checkRequirements(draft: Draft, problems: Problems): void {
  const seen = new Set<string>();
  for (const [i, { id, check }] of (draft.document.requirements ?? []).entries()) {
    if (seen.has(id))
      problems.error(['requirements', i, 'id'], `\`${id}\` names two requirements. Give each its own id.`);
    seen.add(id);
    if (check) checkCheck(draft, check, ['requirements', i, 'check'], problems);
  }
}

function checkCheck(draft: Draft, check: WrittenCheck, path: Path, problems: Problems): void {
  const kinds = KINDS.filter((kind) => check[kind] !== undefined);
  if (kinds.length !== 1) {
    const got = kinds.length === 0 ? 'none' : kinds.join(' and ');
    problems.error(path, `a check is one of ${KINDS.join(', ')}; this has ${got}.`);
  }
  if (check.in === undefined && PLACED.some((kind) => check[kind] !== undefined)) {
    problems.error(
      path,
      `\`${kinds[0]}\` wants \`in\`: a JSONPath into the merged data, such as \`$.rows[*].name\`.`,
    );
  }
  if (check.in !== undefined) checkJsonPath(check.in, [...path, 'in'], problems);
  if (check.matches !== undefined) checkPattern(check.matches, [...path, 'matches'], problems);
  for (const kind of ['count', 'range'] as const) {
    const bounds = check[kind];
    if (bounds) checkBounds(bounds, [...path, kind], problems);
  }
  checkMore(check, path, problems);
  if (check.provenance !== undefined) checkProvenance(check, path, problems);
  for (const kind of ['covers', 'reconcile', 'cel'] as const) {
    const cel = check[kind];
    if (cel !== undefined) checkAnswerNames(draft, cel, [...path, kind], problems);
  }
}

function checkMore(check: WrittenCheck, path: Path, problems: Problems): void {
  for (const [kind, keys] of Object.entries(MORE))
    for (const key of keys)
      if (check[key] !== undefined && check[kind as keyof typeof MORE] === undefined)
        problems.error([...path, key], `\`${key}\` says how \`${kind}\` is checked; this check has none.`);
}

function checkProvenance(check: WrittenCheck, path: Path, problems: Problems): void {
  if (check.cites === undefined && check.against !== 'inputs')
    problems.error(
      path,
      'what a brief said is always found in what it delivered. Hold it against what the brief was given: `against: inputs`. Or name the field in which items say on which briefs they rest: `cites`.',
    );
}

function checkBounds(
  { min, max }: { readonly min?: number | undefined; readonly max?: number | undefined },
  path: Path,
  problems: Problems,
): void {
  if (min === undefined && max === undefined) problems.error(path, 'say `min`, `max` or both.');
  else if ((min ?? 0) > (max ?? Number.POSITIVE_INFINITY))
    problems.error(path, `\`min\` ${min} is above \`max\` ${max}.`);
}

function checkAnswerNames(draft: Draft, cel: string, path: Path, problems: Problems): void {
  for (const reference of readReferences(celReferences, { path, text: cel }, problems)) {
    if (checkPlanName(draft, reference, path, problems) || ANSWER_NAMES.includes(reference.root)) continue;
    const hint = didYouMean(reference.root, ANSWER_NAMES) || ` Known here: ${ANSWER_NAMES.join(', ')}.`;
    problems.error(path, `nothing here is called \`${reference.root}\`.${hint}`);
  }
}

function checkPattern(pattern: string, path: Path, problems: Problems): void {
  try {
    RE2JS.compile(pattern);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    problems.error(
      path,
      `\`${pattern}\` is no RE2 pattern: ${error.message}. RE2 has no look-around and no back-references.`,
    );
  }
}
