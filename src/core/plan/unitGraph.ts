import { ranks } from '../graph/criticalPath.js';
import type { Capacity, Clause, NeedSet, Unit, UnitGraph } from '../graph/units.js';
import { medianEstimate } from './estimates.js';
import { type Brief, isGate, MAX_BRIEFS, MAX_INSTANCES, type Plan } from './plan.js';
import { sharesWrites } from './writes.js';

/** Instances of a shard: few enough for one history, whatever becomes of each. */
const SHARD = 250;

/** UTF-8 bytes of a unit's label. */
const MAX_LABEL = 60;

/** What the workflow is to know of a plan: a brief's place in it is its unit's number. */
export function unitGraph(plan: Plan): UnitGraph {
  const place = new Map(plan.briefs.map(({ id }, u) => [id, u]));
  const needs = plan.briefs.map((brief) => brief.needs.map((id) => place.get(id)!));
  const rank = ranks(needs, estimates(plan.briefs));
  const sets = new Register<NeedSet>();
  const capacities = [
    ...Object.entries(plan.resources).map(([name, capacity]): Capacity => ({ name, capacity })),
    ...plan.briefs.filter(serialised).map(({ id }): Capacity => ({ name: writesOf(id), capacity: 1 })),
  ];
  const capacityAt = new Map(capacities.map(({ name }, i) => [name, i]));

  const units = plan.briefs.map((brief, u): Unit => {
    const set = needSet(plan.briefs, brief, needs[u]!);
    const held: readonly (readonly [string, number])[] = [
      ...Object.entries(brief.uses),
      ...(serialised(brief) ? [[writesOf(brief.id), 1] as const] : []),
    ];
    const uses = held.map(([name, amount]) => [capacityAt.get(name)!, amount] as const);
    return {
      kind: brief.forEach ? 'fan' : 'brief',
      label: label(brief),
      ...(brief.removed && { removed: true }),
      ...(brief.executor.kind === 'plan' && { within: true }),
      ...(set && { needs: sets.placeOf(set) }),
      rank: rank[u]!,
      ...(uses.length > 0 && { uses }),
      ...(brief.priority && { priority: brief.priority }),
      timeoutMs: Math.max(brief.timeoutMs, brief.fallback?.timeoutMs ?? 0),
      heartbeatMs: brief.heartbeatMs,
      // Of a gate it is the wait, which no activity lasts for.
      ...(brief.withinMs !== undefined && !isGate(brief) && { withinMs: brief.withinMs }),
      ...((brief.tools || brief.fallback?.tools) && { tools: true }),
      ...(brief.batch && { batchMs: brief.batch.byMs }),
      ...(isGate(brief) && { gate: true }),
    };
  });
  const { concurrency, deadlineMs } = plan.limits;
  return {
    v: 1,
    units,
    sets: sets.items,
    capacities,
    concurrency,
    ...(deadlineMs !== undefined && { deadlineMs }),
    waves: plan.waves,
    onFailure: plan.onFailure,
    sharding: { above: MAX_BRIEFS, of: SHARD, most: MAX_INSTANCES },
  };
}

/**
 * Unless told otherwise a brief is waited for until it delivers, a fan until all its instances have ended, a paired one
 * instance by instance.
 */
function needSet(
  briefs: readonly Brief[],
  { forEach, join, awaits = {} }: Brief,
  needs: readonly number[],
): NeedSet | undefined {
  if (needs.length === 0) return undefined;
  const sorted = [...needs].sort((a, b) => a - b);
  const awaited = (u: number) => awaits[briefs[u]!.id];
  const isFan = (u: number) => briefs[u]!.forEach !== undefined;
  const each = sorted.filter(
    (u) => forEach?.source.kind === 'each' && forEach.source.brief === briefs[u]!.id,
  );
  const eachRule = each[0] === undefined ? undefined : (awaited(each[0])?.when ?? join);
  const others = sorted.filter((u) => !each.includes(u));
  const clauses = others.flatMap((u): Clause[] => {
    const { when = join ?? (isFan(u) ? 'all_done' : 'all_success'), ...rest } = awaited(u) ?? {};
    return awaited(u) ? [{ of: [u], when, ...rest }] : [];
  });
  const rest = others.filter((u) => !awaited(u));
  if (join && rest.length > 0) clauses.push({ of: rest, when: join });
  const [done, success] = join ? [[], []] : [rest.filter(isFan), rest.filter((u) => !isFan(u))];
  return {
    ...(success.length > 0 && { success }),
    ...(done.length > 0 && { done }),
    ...(each.length > 0 && { each }),
    ...(typeof eachRule === 'string' && { eachRule }),
    ...(clauses.length > 0 && { clauses }),
  };
}

/** Distinct values, each kept once. */
class Register<T> {
  readonly items: T[] = [];
  readonly #places = new Map<string, number>();
  placeOf(item: T): number {
    const text = JSON.stringify(item);
    const known = this.#places.get(text);
    if (known !== undefined) return known;
    this.#places.set(text, this.items.length);
    return this.items.push(item) - 1;
  }
}

/** ms per brief, a fan counted as one instance; those without an estimate get the median of the others, 1 s where there are none. */
function estimates(briefs: readonly Brief[]): number[] {
  const median = medianEstimate(briefs) ?? 1_000;
  return briefs.map(({ estimateMs }) => estimateMs ?? median);
}

/** Instances that may write one path run one at a time. */
const serialised = ({ forEach, writes }: Brief): boolean =>
  forEach !== undefined && sharesWrites(writes, forEach.as);
/** No resource can have this name. */
const writesOf = (id: string): string => `writes of ${id}`;

function label({ id, title }: Brief): string {
  const whole = title === undefined ? id : `${id}: ${title.replace(/\s+/g, ' ')}`;
  const short = bytes(whole) <= MAX_LABEL ? whole : id;
  return bytes(short) <= MAX_LABEL ? short : `${short.slice(0, MAX_LABEL - 3)}…`;
}
const bytes = (text: string): number => new TextEncoder().encode(text).length;
