import { isObject, type Json, type JsonObject } from '../outcome/canonical.js';
import type { Brief, Plan } from './plan.js';

/*
 * Which model carries out an `ask`, where more than one could. In this order:
 *  1. What the brief says, or the plan's `defaults`.
 *  2. What its role says.
 *  3. `capable` where it brings together what several others found: a fan-out, or two needs and more, under `context`.
 *  4. `fast` where the work is small and the answer one of few: a short task, a file at most, an output without free text.
 *  5. `default`.
 * Of 2 to 5 the tier that is nearest, where the plan's `models` has no such.
 */
const TIERS = ['fast', 'default', 'capable'] as const;
type Tier = (typeof TIERS)[number];

export interface ChosenModel {
  /** As the provider knows it. */
  readonly model: string;
  /** As the plan or the rule knows it: a tier, or a model's name. */
  readonly tier: string;
  /** Why this one. */
  readonly because: string;
}

type Knowing = Pick<Plan, 'models' | 'roles' | 'briefs'>;

/** @param raised how many tiers above */
export function modelFor(plan: Knowing, brief: Brief, raised = 0): ChosenModel {
  const { tier, because } = tierFor(plan, brief);
  if (raised === 0) return { model: modelOf(plan, tier), tier, because };
  const above = raisedTier(plan, tier, raised);
  return above === tier
    ? { model: modelOf(plan, tier), tier, because }
    : { model: modelOf(plan, above), tier: above, because: `${because}; raised after a failed try` };
}

/** The model of a tier or of that name. */
export const modelOf = ({ models }: Pick<Plan, 'models'>, tier: string): string =>
  Object.hasOwn(models, tier) ? models[tier]! : tier;

function tierFor(plan: Knowing, brief: Brief): Pick<ChosenModel, 'tier' | 'because'> {
  const role = brief.role === undefined ? undefined : plan.roles?.[brief.role];
  if (brief.model !== undefined) return { tier: brief.model, because: 'the plan says so' };
  if (role?.model !== undefined)
    return { tier: tierIn(plan, role.model), because: `its role ${role.name} says so` };
  if (joins(plan, brief))
    return { tier: tierIn(plan, 'capable'), because: 'it brings together what several found' };
  if (isSmall(brief))
    return { tier: tierIn(plan, 'fast'), because: 'a small task whose answer is one of few' };
  return { tier: tierIn(plan, 'default'), because: 'nothing speaks for another' };
}

/** The tier that a role is for, as the plan has it. */
export const roleTier = (plan: Pick<Plan, 'models' | 'roles'>, role: string | undefined): string =>
  tierIn(plan, (role === undefined ? undefined : plan.roles?.[role]?.model) ?? 'default');

/** The tier itself where the plan has it, else the next that it has, above first; what is no tier stays as it is. */
function tierIn({ models }: Pick<Plan, 'models'>, tier: string): string {
  const at = TIERS.indexOf(tier as Tier);
  if (at < 0 || Object.hasOwn(models, tier)) return tier;
  const others = [...TIERS.slice(at + 1), ...TIERS.slice(0, at).reverse()];
  return others.find((other) => other in models) ?? 'default';
}

/** The tier so many above that the plan has, or its highest. */
function raisedTier({ models }: Pick<Plan, 'models'>, tier: string, raised: number): string {
  const had = TIERS.filter((one) => one in models);
  const at = had.indexOf(tier as Tier);
  return at < 0 ? tier : had[Math.min(at + raised, had.length - 1)]!;
}

function joins({ briefs }: Knowing, { context }: Brief): boolean {
  const fans = context.filter((id) => briefs.find((one) => one.id === id)?.forEach);
  return context.length > 1 || fans.length > 0;
}

/** Characters of a task that is small. */
const SMALL = 400;

const isSmall = ({ executor, output, files, context, constraints }: Brief): boolean =>
  executor.kind === 'ask' &&
  executor.text.length <= SMALL &&
  files.length <= 1 &&
  context.length <= 1 &&
  constraints.length <= 3 &&
  output !== undefined &&
  isClosed(output);

/** Whether every value that it allows is one of few, or a number: nothing in it is written freely. */
function isClosed(schema: JsonObject): boolean {
  const { type, properties, enum: few, const: only } = schema;
  if (few !== undefined || only !== undefined) return true;
  if (type === 'boolean' || type === 'integer' || type === 'number' || type === 'null') return true;
  if (type !== 'object' || !isObject(properties ?? null)) return false;
  return Object.values(properties as JsonObject).every((one: Json) => isObject(one) && isClosed(one));
}
