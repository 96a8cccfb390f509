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

/** Why a plan cannot be limited in dollars, as a sentence up to what to do about it; undefined where every price is known. */
export function unpricedIn(plan: Plan): string | undefined {
  const unknown = [...modelsAsked(plan)].filter((model) => !plan.prices?.[model]);
  if (unknown.length === 0) return undefined;
  return `Nobody knows what ${unknown.map((one) => `\`${one}\``).join(', ')} cost${unknown.length === 1 ? 's' : ''}`;
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
