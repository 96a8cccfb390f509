import type { UnitGraph } from '../graph/units.js';
import type { JsonObject } from '../outcome/canonical.js';
import { baseFor } from './base.js';
import { budgetOf, withPrices } from './budget.js';
import { checkBatches } from './checks/batches.js';
import { checkBudgets } from './checks/budgets.js';
import { checkCommands } from './checks/commands.js';
import { checkEffects } from './checks/effects.js';
import { checkEscalation } from './checks/escalation.js';
import { checkFallbacks } from './checks/fallbacks.js';
import { checkHandOffs } from './checks/handOffs.js';
import { checkIds } from './checks/ids.js';
import { checkJoins } from './checks/joins.js';
import { checkJudges } from './checks/judges.js';
import { checkMerges, checkSynthesis } from './checks/merges.js';
import { checkNames } from './checks/names.js';
import { checkNeeds } from './checks/needs.js';
import { checkOverlaps } from './checks/overlaps.js';
import { checkPlanTexts } from './checks/planTexts.js';
import { checkRequests } from './checks/requests.js';
import { checkRequirements } from './checks/requirements.js';
import { checkResources } from './checks/resources.js';
import { checkSeveral } from './checks/several.js';
import { checkTimes } from './checks/times.js';
import { checkTools } from './checks/tools.js';
import { checkVotes } from './checks/votes.js';
import { checkWorkspaces, likelyCollisions } from './checks/workspaces.js';
import { type Draft, withDefaults } from './draft.js';
import { milliseconds } from './durations.js';
import { type Gathered, gatherInputs } from './inputs.js';
import { bindParams } from './params.js';
import { PLAN_VERSION, type Plan } from './plan.js';
import { renderTexts } from './planTexts.js';
import { type Problem, Problems } from './problems.js';
import { readDocument } from './read.js';
import { capacities, DEFAULT_CONCURRENCY, resolveBrief, resolveRequirements } from './resolve.js';
import { resolveIntegrate } from './resolveIntegrate.js';
import type { Roles } from './role.js';
import { gatherRoles } from './roles.js';
import { gatherSchemas, type Schemas } from './schemas.js';
import { type ReadableDocument, shape } from './shape.js';
import { checkDocument, checkGraphSize } from './size.js';
import { gatherSubPlans, type SubPlans } from './subPlans.js';
import type { Source, Surroundings } from './surroundings.js';
import { unitGraph } from './unitGraph.js';

export type { Source, Surroundings } from './surroundings.js';

export type Compiled =
  | {
      readonly ok: true;
      readonly plan: Plan;
      readonly graph: UnitGraph;
      /** Bytes of every input, and of what workspaces begin with, by digest, for the caller to store. */
      readonly files: ReadonlyMap<string, Uint8Array>;
      readonly warnings: readonly Problem[];
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** From a document to what a run needs: every problem at once, or a plan in which there is none. */
export async function compile(source: Source, surroundings: Surroundings): Promise<Compiled> {
  const problems = new Problems();
  const document =
    source.text === undefined
      ? checkDocument(source.document, problems)
      : readDocument(source.text, problems);
  if (!document) return refused(problems);

  const readable = shape(document, problems);
  const params = bindParams(readable.params, source.params ?? {}, problems);
  const { folder } = source;
  const gathered = await gatherInputs(readable.inputs, params, folder, surroundings, problems);
  const draft = draftOf(readable, params, gathered, problems);
  const schemas = await gatherSchemas(draft, folder, surroundings, problems);
  const roles = await gatherRoles(draft, folder, surroundings, problems);

  checkIds(draft, problems);
  const acyclic = checkNeeds(draft, problems);
  checkJoins(draft, problems);
  checkNames(draft, schemas, problems);
  checkRequests(draft, problems);
  checkResources(draft, problems);
  checkJudges(draft, problems);
  checkTimes(draft, problems);
  checkEffects(draft, problems);
  checkFallbacks(draft, schemas, problems);
  checkHandOffs(draft, schemas, problems);
  checkRequirements(draft, problems);
  checkMerges(draft, problems);
  checkSynthesis(draft, problems);
  checkPlanTexts(draft, problems);
  checkVotes(draft, problems);
  checkEscalation(draft, problems);
  checkBudgets(draft, problems);
  checkSeveral(draft, problems);
  checkTools(draft, roles, problems);
  checkBatches(draft, problems);
  checkWorkspaces(draft, folder, problems);
  const subPlans = await gatherSubPlans(draft, folder, surroundings, problems);
  if (acyclic) {
    checkOverlaps(draft, problems);
    likelyCollisions(draft, problems);
  }
  await checkCommands(draft, folder, surroundings, problems);
  if (problems.failed) return refused(problems);

  const based = await baseFor(draft, source, surroundings, problems);
  const spoken = { ...draft, document: { ...readable, ...renderTexts(readable, params, problems) } };
  const plan = {
    ...withPrices(
      resolve(spoken, { schemas, subPlans, roles }, source),
      readable.prices,
      surroundings,
      problems,
    ),
    ...(based && { base: based.base }),
  };
  const graph = unitGraph(plan);
  checkGraphSize(graph, problems);
  if (problems.failed) return refused(problems);
  const files = new Map([
    ...gathered.files,
    ...subPlans.bytes,
    ...(based ? [[based.base.pack.digest, based.pack] as const] : []),
  ]);
  return { ok: true, plan, graph, files, warnings: problems.list() };
}

const refused = (problems: Problems): Compiled => ({ ok: false, problems: problems.list() });

function draftOf(
  document: ReadableDocument,
  params: JsonObject,
  { inputs }: Gathered,
  problems: Problems,
): Draft {
  const briefs = withDefaults(document, problems);
  const byId = new Map([...briefs].reverse().map((brief) => [brief.id, brief]));
  return { document, briefs, byId: new Map([...byId].reverse()), params, inputs };
}

/** What was read of the files that a plan names. */
interface Referred {
  readonly schemas: Schemas;
  readonly subPlans: SubPlans;
  readonly roles: Roles;
}

/** Of a draft in which nothing is wrong, so that every required key is there. */
function resolve(
  { document, briefs, params, inputs }: Draft,
  { schemas, subPlans, roles }: Referred,
  { folder, file, params: given = {} }: Source,
): Plan {
  const { limits, requirements = [], integrate } = document;
  return {
    v: PLAN_VERSION,
    name: document.name!,
    brief: document.brief!,
    requirements: resolveRequirements(requirements, schemas),
    params,
    inputs,
    limits: {
      concurrency: limits?.concurrency ?? DEFAULT_CONCURRENCY,
      ...(limits?.deadline !== undefined && { deadlineMs: milliseconds(limits.deadline) }),
      ...(limits?.budget && { budget: budgetOf(limits.budget) }),
    },
    waves: document.waves ?? 'rolling',
    onFailure: document.onFailure ?? 'continue',
    resources: capacities(document.resources),
    models: document.models ?? {},
    ...(Object.keys(roles).length > 0 && { roles }),
    briefs: briefs.map((brief) =>
      resolveBrief(
        brief,
        roles,
        schemas.outputs.get(brief.id),
        subPlans.files.get(brief.id),
        schemas.expected.get(brief.id),
      ),
    ),
    integrate: resolveIntegrate(integrate, {
      brief: document.brief!,
      models: document.models ?? {},
      roles,
      briefs,
    }),
    ...(file !== undefined && { source: { file, params: given } }),
    ...(folder !== undefined && { folder }),
  };
}
