import { topologicalOrder } from '../../graph/dag.js';
import { carriersOf, type Draft, itemName, needsOf, placeOf, type WrittenBrief } from '../draft.js';
import { didYouMean } from '../nearest.js';
import type { Problems } from '../problems.js';

/**
 * Needs lead to briefs that exist and never round in a circle; `context`, `files` and `each` name what is there.
 * Tells whether there is no cycle.
 */
export function checkNeeds(draft: Draft, problems: Problems): boolean {
  for (const brief of draft.briefs) {
    const path = ['briefs', brief.at];
    const seen = new Set<string>();
    for (const [i, need] of (brief.needs ?? []).entries()) {
      checkNamed(draft, need, [...path, 'needs', i], problems);
      if (seen.has(need)) problems.error([...path, 'needs', i], `\`${need}\` is needed twice. Name it once.`);
      seen.add(need);
    }
    checkEach(draft, brief, problems);
    for (const carrier of carriersOf(brief)) {
      checkContext(carrier, problems);
      checkFiles(draft, carrier, problems);
    }
  }
  return checkCycles(draft, problems);
}

function checkNamed(
  draft: Draft,
  id: string,
  path: readonly (string | number)[],
  problems: Problems,
): boolean {
  if (draft.byId.has(id)) return true;
  problems.error(path, `no brief is called \`${id}\`.${didYouMean(id, draft.byId.keys())}`);
  return false;
}

function checkEach(draft: Draft, { at, forEach }: WrittenBrief, problems: Problems): void {
  const other = forEach?.each;
  const path = ['briefs', at, 'forEach', 'each'];
  if (other === undefined || !checkNamed(draft, other, path, problems)) return;
  const target = draft.byId.get(other)!;
  if (target.forEach || problems.doubts('briefs', target.at, 'forEach')) return;
  problems.error(
    path,
    `\`${other}\` has no instances to pair with: it has no \`forEach\`. Use \`needs: [${other}]\`.`,
  );
}

function checkContext(brief: WrittenBrief, problems: Problems): void {
  if (problems.doubts('briefs', brief.at, 'needs')) return;
  const needs = needsOf(brief);
  for (const [i, id] of (brief.context ?? []).entries()) {
    if (needs.includes(id)) continue;
    const hint = didYouMean(id, needs) || ` Add it to \`needs\`.`;
    problems.error(
      [...placeOf(brief), 'context', i],
      `\`${id}\` is not among the needs of \`${brief.id}\`.${hint}`,
    );
  }
}

function checkFiles(draft: Draft, brief: WrittenBrief, problems: Problems): void {
  if (problems.doubts('inputs')) return;
  const names = Object.keys(draft.document.inputs ?? {});
  for (const [i, name] of (brief.files ?? []).entries()) {
    if (names.includes(name) || name === itemName(brief)) continue;
    problems.error(
      [...placeOf(brief), 'files', i],
      `no input is called \`${name}\`.${didYouMean(name, names)}`,
    );
  }
}

/** Each cycle once: having found one, one of its needs is left out of the search for the next. */
function checkCycles(draft: Draft, problems: Problems): boolean {
  const place = new Map([...draft.byId.values()].map((brief, u) => [brief.id, u]));
  const briefs = [...draft.byId.values()];
  const needs = briefs.map((brief) => needsOf(brief).flatMap((id) => place.get(id) ?? []));
  for (let found = 0; ; found++) {
    const sorted = topologicalOrder(needs);
    if ('order' in sorted) return found === 0;
    const [first, second = first] = sorted.cycle as [number, ...number[]];
    const names = [...sorted.cycle, first].map((u) => briefs[u]!.id).join(' → ');
    const what = sorted.cycle.length === 1 ? 'a brief cannot need itself' : `cycle: ${names}`;
    problems.error(['briefs', briefs[first]!.at, 'needs'], `${what}. Remove one of these needs.`);
    needs[first] = needs[first]!.filter((u) => u !== second);
  }
}
