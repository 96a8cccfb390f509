import type { Brief, Plan } from './plan.js';
import { modelFor, modelOf } from './tier.js';

/** Most tiers that a try can be raised by. */
const RAISES = [0, 1, 2];

/** Every model that a plan may ask, as its provider knows it. */
export function modelsAsked(plan: Plan): ReadonlySet<string> {
  const named: readonly (string | undefined)[] = [
    ...plan.briefs.flatMap((brief) => [brief, ...(brief.fallback ? [brief.fallback] : [])]).flatMap(judges),
    ...plan.requirements.map(({ check }) => (check?.kind === 'judge' ? check.model : undefined)),
    ...plan.integrate.merge.flatMap(({ conflicts }) =>
      conflicts.map((rule) => (rule.kind === 'judge' ? rule.model : undefined)),
    ),
    plan.integrate.synthesize?.model,
  ];
  return new Set([
    ...plan.briefs.flatMap((brief) => [
      ...asked(plan, brief),
      ...(brief.fallback ? asked(plan, brief.fallback) : []),
    ]),
    ...named.flatMap((one) => (one === undefined ? [] : [modelOf(plan, one)])),
  ]);
}

/** Models that it asks, and of which nobody knows what they cost. */
export const unpriced = (plan: Plan): readonly string[] =>
  [...modelsAsked(plan)].filter((model) => !plan.prices?.[model]);

export const nobodyKnows = (models: readonly string[]): string =>
  `nobody knows what ${models.map((one) => `\`${one}\``).join(', ')} cost${models.length === 1 ? 's' : ''}`;

/** Why a plan cannot be limited in dollars, as a sentence up to what to do about it; undefined where every price is known. */
export function unpricedIn(plan: Plan): string | undefined {
  const models = unpriced(plan);
  return models.length === 0 ? undefined : nobodyKnows(models).replace(/^n/, 'N');
}

function asked(plan: Plan, brief: Brief): readonly string[] {
  if (brief.executor.kind !== 'ask') return [];
  if (brief.vote?.models) return brief.vote.models.map((one) => modelOf(plan, one));
  const raises = brief.retry.escalate ? RAISES : [0];
  return raises.map((raised) => modelFor(plan, brief, raised).model);
}

const judges = ({ accept, variants }: Brief): readonly string[] => [
  ...accept.flatMap((one) => (one.kind === 'judge' ? [one.model] : [])),
  ...(variants?.rank ? [variants.rank.model] : []),
];
