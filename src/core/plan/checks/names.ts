import { Failure } from '../../outcome/failure.js';
import { celReferences } from '../cel.js';
import { carriersOf, type Draft, itemName, needsOf, ownWorkspace, type WrittenBrief } from '../draft.js';
import { didYouMean } from '../nearest.js';
import { paramNames } from '../params.js';
import type { Path, Problems } from '../problems.js';
import type { Reference } from '../references.js';
import type { Schemas } from '../schemas.js';
import { templateReferences, urlReferences } from '../template.js';
import { expressionsOf, templatesOf, valuesOf, type Written } from '../texts.js';
import { checkMembers } from './members.js';

/** Names that are types to CEL. */
const CEL_TYPES: ReadonlySet<string> = new Set([
  'bool',
  'bytes',
  'double',
  'dyn',
  'google',
  'int',
  'list',
  'map',
  'null_type',
  'string',
  'type',
  'uint',
]);

/** Templates and expressions can be read, and use only what their brief names; what it names is used. */
export function checkNames(draft: Draft, schemas: Schemas, problems: Problems): void {
  for (const brief of draft.briefs) {
    const used = new Set([brief.forEach?.each]);
    const check = (reader: (text: string) => readonly Reference[], written: Written) => {
      for (const reference of readReferences(reader, written, problems)) {
        used.add(reference.root);
        checkReference(draft, schemas, brief, reference, written, problems);
      }
    };
    for (const carrier of carriersOf(brief)) {
      for (const id of carrier.context ?? []) used.add(id);
      for (const template of templatesOf(carrier))
        check(template.url ? urlReferences : templateReferences, template);
      for (const expression of carrier.fallsBack ? valuesOf(carrier) : expressionsOf(carrier))
        check(celReferences, expression);
    }
    warnUnused(draft, brief, used, problems);
  }
}

/** The references of a text; what cannot be read is reported and has none. */
export function readReferences(
  reader: (text: string) => readonly Reference[],
  { path, text }: Written,
  problems: Problems,
): readonly Reference[] {
  try {
    return reader(text);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    problems.error(path, `${error.message}.`);
    return [];
  }
}

function checkReference(
  draft: Draft,
  schemas: Schemas,
  brief: WrittenBrief,
  reference: Reference,
  { path, own = [], item = true }: Written,
  problems: Problems,
): void {
  const { root, member } = reference;
  if (checkPlanName(draft, reference, path, problems) || own.includes(root)) return;
  const as = itemName(brief);
  const needs = needsOf(brief);
  if (needs.includes(root)) {
    if (member === 'output') checkMembers(draft, schemas, brief, reference, path, problems);
    if (member === undefined || member === 'output' || member === 'status') return;
    problems.error(path, `a need has \`output\` and \`status\`. Did you mean \`${root}.output.${member}\`?`);
  } else if (root === as || root === 'key') {
    if (as !== undefined && item) return;
    const why =
      as === undefined ? `\`${brief.id}\` has no \`forEach\`` : 'it is known only within an instance';
    problems.error(path, `\`${root}\` is not known here: ${why}.`);
  } else if (draft.byId.has(root)) {
    if (problems.doubts('briefs', brief.at, 'needs')) return;
    problems.error(path, `\`${root}\` is used, but \`${brief.id}\` does not need it. Add it to \`needs\`.`);
  } else if (!CEL_TYPES.has(root) && !unclear(brief, problems)) {
    const known = ['params', 'inputs', ...needs, ...own, ...(as && item ? [as, 'key'] : [])];
    problems.error(
      path,
      `nothing here is called \`${root}\`.${didYouMean(root, [...known, ...draft.byId.keys()])}`,
    );
  }
}

/** Whether the name is `params` or `inputs`; what it takes of them must be declared. */
export function checkPlanName(
  draft: Draft,
  { root, member }: Reference,
  path: Path,
  problems: Problems,
): boolean {
  if (root !== 'params' && root !== 'inputs') return false;
  const declared =
    root === 'params' ? paramNames(draft.document.params) : Object.keys(draft.document.inputs ?? {});
  if (member !== undefined && declared && !declared.includes(member) && !problems.doubts(root)) {
    const what = root === 'params' ? 'parameter' : 'input';
    problems.error(path, `no ${what} is called \`${member}\`.${didYouMean(member, declared)}`);
  }
  return true;
}

const unclear = (brief: WrittenBrief, problems: Problems): boolean =>
  ['needs', 'forEach'].some((key) => problems.doubts('briefs', brief.at, key));

/** A need whose output is not used and whose files neither only makes the brief wait, which may be what a join is for. */
function warnUnused(
  draft: Draft,
  brief: WrittenBrief,
  used: ReadonlySet<string | undefined>,
  problems: Problems,
): void {
  if (problems.doubtsWithin('briefs', brief.at)) return;
  for (const [i, need] of (brief.needs ?? []).entries()) {
    if (used.has(need) || brief.join || brief.await?.[need] !== undefined) continue;
    if (passesFiles(draft.byId.get(need), brief)) continue;
    const how =
      brief.ask !== undefined || brief.gate !== undefined
        ? 'Name it under `context:`'
        : `Use it in a template or under \`${brief.http === undefined ? 'stdin' : 'body'}:\``;
    problems.warning(
      ['briefs', brief.at, 'needs', i],
      `\`${need}\` is needed by \`${brief.id}\` but its output is never used there. ${how} or drop it from \`needs:\`.`,
    );
  }
}

/** One writes and the other reads or writes, or a workspace goes on with the other's: the order between them is the use. */
function passesFiles(need: WrittenBrief | undefined, brief: WrittenBrief): boolean {
  if (need && ownWorkspace(need) && ownWorkspace(brief)) return true;
  const touches = (each: WrittenBrief | undefined) =>
    (each?.writes?.length ?? 0) + (each?.reads?.length ?? 0) > 0;
  return (need?.writes?.length ?? 0) > 0 ? touches(brief) : (brief.writes?.length ?? 0) > 0 && touches(need);
}
