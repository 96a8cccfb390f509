import type { Comparison, FileRule, Integrate, Merge, Rule, Synthesize, Tolerance } from './integration.js';
import type { Brief, Plan } from './plan.js';
import type { PlanDocument } from './schema.js';
import { roleTier } from './tier.js';

type Written = NonNullable<PlanDocument['integrate']>;
type WrittenMerge = NonNullable<Written['merge']>[string];
type WrittenRule = NonNullable<WrittenMerge['conflicts']>[number];
type WrittenFileRule = NonNullable<NonNullable<Written['files']>['conflicts']>[number];

/** What it needs to know of the plan. */
interface Knowing extends Pick<Plan, 'brief' | 'models' | 'roles'> {
  readonly briefs: readonly Pick<Brief, 'id' | 'role'>[];
}

export function resolveIntegrate(written: PlanDocument['integrate'], plan: Knowing): Integrate {
  const merge = Object.entries(written?.merge ?? {}).map(([name, entry]) => resolveMerge(name, entry, plan));
  const { files } = written ?? {};
  return {
    merge,
    ...(files && { files: (files.conflicts ?? []).flatMap(resolveFileRule) }),
    ...(written?.synthesize && { synthesize: resolveSynthesize(written.synthesize, plan) }),
    ...(written?.repair && { repairs: written.repair.rounds }),
    ...(written?.verify && { verify: written.verify }),
  };
}

const WINDOW = 100_000;
const ROUNDS = 2;

function resolveSynthesize(
  {
    role,
    model,
    window = WINDOW,
    rounds = ROUNDS,
    sections = [{ title: 'Answer' }],
  }: NonNullable<Written['synthesize']>,
  plan: Knowing,
): Synthesize {
  return {
    ...(role !== undefined && { role }),
    ...{ model: model ?? roleTier(plan, role), window, rounds },
    sections: sections.map(({ title, ask = plan.brief, in: place, covers }) => ({
      ...{ title, ask },
      ...(place !== undefined && { in: place }),
      ...(covers !== undefined && { covers }),
    })),
  };
}

function resolveMerge(
  name: string,
  {
    from,
    at = '$',
    key = [],
    match = 'exact',
    compare,
    near,
    deep,
    reduce,
    conflicts = [],
    rank,
    group,
  }: WrittenMerge,
  { briefs }: Knowing,
): Merge {
  return {
    ...{ name, from, at, key: [key].flat(), match },
    ...(compare && {
      compare: Object.fromEntries(Object.entries(compare).map(([field, one]) => [field, comparisonOf(one)])),
    }),
    ...(near !== undefined && { near }),
    ...(deep && { deep }),
    ...(reduce !== undefined && { reduce }),
    conflicts: conflicts.flatMap((rule) => resolveRule(rule, briefs)),
    ...(rank && {
      rank: {
        ...{ by: rank.by, order: rank.order ?? 'descending' },
        ...(rank.top !== undefined && { top: rank.top }),
      },
    }),
    ...(group !== undefined && { group: [group].flat() }),
  };
}

function comparisonOf(written: NonNullable<WrittenMerge['compare']>[string]): Comparison {
  if (typeof written === 'string') return { match: written };
  const { match, unit, within } = written;
  return {
    ...(match && { match }),
    ...(unit !== undefined && { unit }),
    ...(within !== undefined && { within: toleranceOf(within) }),
  };
}

const toleranceOf = (within: number | string): Tolerance =>
  typeof within === 'number'
    ? { kind: 'absolute', by: within }
    : { kind: 'relative', by: Number.parseFloat(within) / 100 };

/** Several preferred briefs, or roles, are as many rules, one after the other. */
function resolveRule(rule: WrittenRule, briefs: Knowing['briefs']): readonly Rule[] {
  if (typeof rule === 'string') return [{ kind: rule }];
  const { prefer, consensus, highest, lowest, newest, oldest, judge, role, by } = rule;
  return [
    ...preferredBy(prefer),
    ...(consensus === undefined ? [] : [{ kind: 'consensus', quorum: consensus } as const]),
    ...Object.entries({ highest, lowest, newest, oldest }).flatMap(([kind, field]) =>
      field === undefined ? [] : [{ kind: kind as 'highest', field }],
    ),
    ...(judge === undefined
      ? []
      : [{ kind: 'judge', model: judge, ...(by !== undefined && { by }) } as const]),
    ...[role ?? []].flat().map((role) => {
      const those = briefs.filter((brief) => brief.role === role).map(({ id }) => id);
      return { kind: 'prefer-role', role, briefs: those } as const;
    }),
  ];
}

function preferredBy(prefer: Exclude<WrittenRule, string>['prefer']): readonly Rule[] {
  if (prefer === undefined) return [];
  if (typeof prefer === 'string' || Array.isArray(prefer)) return briefsIn(prefer);
  return Object.entries(prefer).map(([field, order]) => ({ kind: 'prefer-where', field, order }));
}

const resolveFileRule = (rule: WrittenFileRule): readonly FileRule[] =>
  typeof rule === 'string' ? [{ kind: rule }] : briefsIn(rule.prefer);

const briefsIn = (prefer: string | readonly string[]) =>
  [prefer].flat().map((brief) => ({ kind: 'prefer', brief }) as const);
