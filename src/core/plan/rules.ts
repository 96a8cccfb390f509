import type { z } from 'zod';
import { isObject, type Json } from '../outcome/canonical.js';
import { checkCommands } from './checks/commands.js';
import { checkMerges, checkSynthesis } from './checks/merges.js';
import { checkPlanTexts } from './checks/planTexts.js';
import { checkRequirements } from './checks/requirements.js';
import { checkWorkspaces } from './checks/workspaces.js';
import type { Draft, WrittenBrief } from './draft.js';
import { closed } from './fields.js';
import type { Plan } from './plan.js';
import { renderTexts } from './planTexts.js';
import { type Problem, Problems } from './problems.js';
import { readDocument } from './read.js';
import { resolveRequirements } from './resolve.js';
import { resolveIntegrate } from './resolveIntegrate.js';
import { gatherRoles } from './roles.js';
import { type PlanDocument, planSchema } from './schema.js';
import { gatherSchemas } from './schemas.js';
import { readableKeys } from './shape.js';
import { checkDocument } from './size.js';
import type { Source, Surroundings } from './surroundings.js';

/*
 * Other rules for a run that is over: what its report is to be held against, and how its outcomes become one.
 *  1. They are a whole plan, of which nothing else is read, or a document of these keys alone.
 *  2. A whole plan says all of it: what it leaves out, there is none of. Of a document alone, what it leaves out stays as
 *     the run had it.
 *  3. Briefs, params and inputs are those of the run; paths are relative to the folder of its plan.
 */

const { muster, brief, requirements, integrate } = planSchema.shape;
const rulesSchema = closed({
  muster: muster.optional(),
  brief: brief.optional(),
  requirements,
  integrate,
});
/** Rules as they are written by themselves. */
export type RulesDocument = z.infer<typeof rulesSchema>;

const TAKEN = ['brief', 'requirements', 'integrate'] as const;

export type CompiledRules =
  | {
      readonly ok: true;
      /** The run's, with these rules. */
      readonly plan: Plan;
      /** As they were named. */
      readonly file?: string;
      readonly warnings: readonly Problem[];
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** @param run the plan that the run went by */
export async function compileRules(
  { text, document: given, path }: Source,
  run: Plan,
  surroundings: Surroundings,
): Promise<CompiledRules> {
  const problems = new Problems();
  const document = text === undefined ? checkDocument(given, problems) : readDocument(text, problems);
  if (!document) return { ok: false, problems: problems.list() };

  const whole = 'briefs' in document;
  const kept = Object.entries(document).filter(
    ([key]) => !(whole && key in planSchema.shape && !(key in rulesSchema.shape)),
  );
  const written: RulesDocument = readableKeys(rulesSchema, Object.fromEntries(kept), problems);
  if (!whole && TAKEN.every((key) => document[key] === undefined))
    problems.error([], `it has no rules: write \`requirements\`, \`integrate\` or both.`);
  const draft = draftOf(written, run, whole ? document.params : undefined);
  const schemas = await gatherSchemas(draft, run.folder, surroundings, problems);
  const roles = {
    ...run.roles,
    ...(await gatherRoles({ ...draft, briefs: [] }, run.folder, surroundings, problems)),
  };
  checkRequirements(draft, problems);
  checkMerges(draft, problems);
  checkSynthesis(draft, problems);
  checkPlanTexts(draft, problems);
  checkWorkspaces(draft, run.folder, problems);
  await checkCommands(draft, run.folder, surroundings, problems);
  if (written.integrate?.repair)
    problems.warning(
      ['integrate', 'repair'],
      'is not used: no brief of a run that is over is carried out again.',
    );
  const spoken = problems.failed ? {} : renderTexts(written, run.params, problems);
  if (problems.failed) return { ok: false, problems: problems.list() };

  const absent = whole ? NOTHING : run;
  const { brief = run.brief, requirements, integrate } = spoken;
  const plan: Plan = {
    ...run,
    ...(Object.keys(roles).length > 0 && { roles }),
    brief,
    requirements: requirements ? resolveRequirements(requirements, schemas) : absent.requirements,
    integrate: integrate ? resolveIntegrate(integrate, { ...run, brief, roles }) : absent.integrate,
  };
  return { ok: true, plan, ...(path !== undefined && { file: path }), warnings: problems.list() };
}

const NOTHING: Pick<Plan, 'requirements' | 'integrate'> = {
  requirements: [],
  integrate: resolveIntegrate(undefined, { brief: '', models: {}, briefs: [] }),
};

/** The rules over what the run had: of its briefs what rules can speak of. */
function draftOf(written: RulesDocument, { briefs, params, inputs }: Plan, declared?: Json): Draft {
  const stubs = briefs.flatMap(({ id, removed, role, workspace }, at): [string, WrittenBrief][] =>
    removed
      ? []
      : [[id, { id, at, ...(role !== undefined && { role }), ...(workspace && { workspace: 'copy' }) }]],
  );
  const known = isObject(declared) ? declared : {};
  const properties = {
    ...(isObject(known.properties) && known.properties),
    ...Object.fromEntries(Object.keys(params).map((name) => [name, {}])),
  };
  return {
    document: {
      ...written,
      params: { ...known, properties } as NonNullable<PlanDocument['params']>,
      inputs: Object.fromEntries(Object.keys(inputs).map((name) => [name, { glob: name }])),
      briefs: [],
    },
    briefs: stubs.map(([, brief]) => brief),
    byId: new Map(stubs),
    params,
    inputs,
  };
}
