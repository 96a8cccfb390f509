import type { Json } from '../core/outcome/canonical.js';
import { Failure } from '../core/outcome/failure.js';
import { GIVING, type Ref, type Status } from '../core/outcome/outcome.js';
import type { InputsRow, NeedSeen, OutcomeRow } from '../core/outcome/rows.js';
import type { Bindings, Need } from '../core/plan/bindings.js';
import type { Brief, Plan } from '../core/plan/plan.js';
import type { Store } from '../ports/store.js';
import { readValue } from './artifacts.js';
import { cachePerStore, type Weighed } from './cache.js';
import { readState, unitName } from './segments.js';

/*
 * What a brief gets of the briefs it needs, read from their logs.
 *  1. The dispatcher started it only after each had ended, so a log without a final outcome is an instance that was
 *     never started: `skipped`.
 *  2. What a fan gave is recorded (an `inputs` row) before anyone acts on it. Whoever comes later sees the same,
 *     though an instance may have been recorded late meanwhile. Instances of a fan share the row of its expansion.
 */

/** Who needs. */
export interface Needing {
  readonly store: Store;
  /** First execution run id. */
  readonly run: string;
  readonly plan: Plan;
  readonly u: number;
  readonly k?: number;
}

export interface Inputs {
  readonly needs: Bindings['needs'];
  /** To be recorded; absent where no fan is among the needs. */
  readonly row?: InputsRow;
}

/**
 * Without `k` on a fan, what its expansion sees: everything but the fan it is paired with.
 * @throws Failure `StoreUnavailable`
 */
export async function resolveNeeds(who: Needing, recorded: InputsRow | undefined): Promise<Inputs> {
  const brief = briefAt(who.plan, who.u);
  const inputs: { [need: string]: readonly NeedSeen[] } = {};
  const resolve = async (id: string): Promise<Need> => {
    const n = who.plan.briefs.findIndex((other) => other.id === id);
    if (isPaired(brief, id)) return single(who, unitName(n, who.k), id);
    if (!briefAt(who.plan, n).forEach) return single(who, unitName(n), id);
    const { need, seen } = await fan(who, n, recorded?.inputs[id]);
    inputs[id] = seen;
    return need;
  };
  const ids = brief.needs.filter((id) => who.k !== undefined || !isPaired(brief, id));
  const needs = await Promise.all(ids.map(async (id) => [id, await resolve(id)] as const));
  return {
    needs: Object.fromEntries(needs),
    ...(Object.keys(inputs).length > 0 && { row: { row: 'inputs', inputs } }),
  };
}

/** Keys of the instances of the given fans, by fan; a fan that is not expanded (yet) is not among them. */
export async function keysOfFans(
  store: Store,
  run: string,
  fans: readonly number[],
): Promise<{ readonly [u: string]: readonly string[] }> {
  const all = await Promise.all(
    fans.map(async (u) => [u, (await readState(store, { run, unit: unitName(u) })).expansion?.keys] as const),
  );
  return Object.fromEntries(all.filter(([, keys]) => keys)) as { [u: string]: readonly string[] };
}

export function briefAt(plan: Plan, u: number): Brief {
  const brief = plan.briefs[u];
  if (brief) return brief;
  throw new Failure(
    'ContractViolation',
    `The plan has no brief ${u}; this is a mistake in Muster: please report it.`,
  );
}

/** Whether instance k needs only instance k of that fan. */
export const isPaired = ({ forEach }: Brief, id: string): boolean =>
  forEach?.source.kind === 'each' && forEach.source.brief === id;

async function single({ store, run }: Needing, unit: string, id: string): Promise<Need> {
  const { final } = await readState(store, { run, unit });
  if (final) return { status: statusOf(final), output: await outputOf(store, final) };
  throw new Failure(
    'StoreUnavailable',
    `The outcome of ${id} is not in this store, though the run counts it as recorded. Does this worker use the store the run began with? \`muster doctor\` shows which it is.`,
  );
}

async function fan(
  who: Needing,
  n: number,
  recorded: readonly NeedSeen[] | undefined,
): Promise<{ readonly need: Need; readonly seen: readonly NeedSeen[] }> {
  const { store, run } = who;
  const { expansion, final } = await readState(store, { run, unit: unitName(n) });
  if (!expansion) return { need: { status: final ? statusOf(final) : 'skipped', output: null }, seen: [] };
  const seen = recorded ?? (await Promise.all(expansion.keys.map((key, k) => see(who, n, k, key))));
  const need = await (recorded
    ? joins(store).get(`${run}/${who.u}<${n}`, () => join(who, n, recorded))
    : join(who, n, seen).then(({ value }) => value));
  return { need, seen };
}

async function see({ store, run }: Needing, n: number, k: number, key: string): Promise<NeedSeen> {
  const { final } = await readState(store, { run, unit: unitName(n, k) });
  const ref = final && given(final);
  return { key, status: final ? statusOf(final) : 'skipped', ...(ref && { digest: ref.digest }) };
}

/** Recorded joins never change: 1,000 instances over a fan of 1,000 read and parse its outputs once. */
const joins = cachePerStore<Need>(64 * 1024 * 1024);

async function join({ store, run }: Needing, n: number, seen: readonly NeedSeen[]): Promise<Weighed<Need>> {
  let weight = 0;
  const output = await Promise.all(
    seen.map(async ({ key = '', status, digest }, k) => {
      if (digest === undefined) return { key, status, output: null };
      const { final } = await readState(store, { run, unit: unitName(n, k) });
      weight += 200 + 3 * (final?.ref?.size ?? 0);
      return { key, status, output: final ? await outputOf(store, final) : null };
    }),
  );
  return { value: { status: 'succeeded', output }, weight };
}

const statusOf = (row: OutcomeRow): Status => row.status ?? 'failed';

/** What a failed or cancelled brief left is kept for people; to a dependant it is no output. */
const given = (row: OutcomeRow): Ref | undefined => (GIVING.has(statusOf(row)) ? row.ref : undefined);

async function outputOf(store: Store, row: OutcomeRow): Promise<Json> {
  const ref = given(row);
  return ref ? readValue(store, ref) : null;
}
