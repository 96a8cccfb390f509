import { nameOf } from '../core/graph/node.js';
import type { Json } from '../core/outcome/canonical.js';
import { Failure } from '../core/outcome/failure.js';
import { GIVING, type Ref, type Status } from '../core/outcome/outcome.js';
import type { InputsRow, NeedSeen, OutcomeRow } from '../core/outcome/rows.js';
import type { Bindings, Need } from '../core/plan/bindings.js';
import { awaitedOf } from '../core/plan/joins.js';
import type { Brief, Plan } from '../core/plan/plan.js';
import type { Store } from '../ports/store.js';
import { readValue } from './artifacts.js';
import { cachePerStore, type Weighed } from './cache.js';
import { readState } from './segments.js';

/*
 * What a brief gets of the briefs it needs, read from their logs.
 *  1. The dispatcher started it only when its join let it. Of a need whose log has no final outcome it waited for the
 *     end all the same, and it was never started (`skipped`); or it did not wait any longer (`not-reached`).
 *  2. What was given of all but needs that had to deliver is recorded (an `inputs` row) before anyone acts on it.
 *     Whoever comes later sees the same, though more may have been recorded meanwhile. Instances of a fan share the
 *     row of its expansion.
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
  /** What was there of each need. */
  readonly seen: { readonly [need: string]: readonly NeedSeen[] };
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
  const resolve = async (id: string): Promise<Resolved> => {
    const n = who.plan.briefs.findIndex((other) => other.id === id);
    const paired = isPaired(brief, id);
    const isFan = !paired && briefAt(who.plan, n).forEach !== undefined;
    const awaited = awaitedOf(brief, id, isFan);
    const unit = nameOf({ u: n, k: paired ? who.k : undefined });
    if (awaited === 'delivery') return delivered(who, unit, id);
    const recordedOne = recorded?.inputs[id];
    const unended = awaited === 'some' ? 'not-reached' : 'skipped';
    const resolved = isFan
      ? await fan(who, n, recordedOne, unended)
      : await single(who, unit, recordedOne, unended);
    if (!recordedOne) inputs[id] = resolved.seen;
    return resolved;
  };
  const ids = brief.needs.filter((id) => who.k !== undefined || !isPaired(brief, id));
  const all = await Promise.all(ids.map(async (id) => [id, await resolve(id)] as const));
  return {
    needs: Object.fromEntries(all.map(([id, { need }]) => [id, need])),
    seen: Object.fromEntries(all.map(([id, { seen }]) => [id, seen])),
    ...(Object.keys(inputs).length > 0 && { row: { row: 'inputs', inputs } }),
  };
}

/** What an instance was given is in the log of its fan, and of the one it is paired with in its own. */
export const recordedInputs = (
  fan: InputsRow | undefined,
  own: InputsRow | undefined,
): InputsRow | undefined =>
  fan && own ? { ...own, inputs: { ...fan.inputs, ...own.inputs } } : (fan ?? own);

/** Keys of the instances of the given fans, by fan; a fan that is not expanded (yet) is not among them. */
export async function keysOfFans(
  store: Store,
  run: string,
  fans: readonly number[],
): Promise<{ readonly [u: string]: readonly string[] }> {
  const all = await Promise.all(
    fans.map(
      async (u) => [u, (await readState(store, { run, unit: nameOf({ u }) })).expansion?.keys] as const,
    ),
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

async function delivered({ store, run }: Needing, unit: string, id: string): Promise<Resolved> {
  const { final } = await readState(store, { run, unit });
  if (final) {
    const need = { status: statusOf(final), output: await outputOf(store, final) };
    return { need, seen: [seenOf(final, need.status)] };
  }
  throw new Failure(
    'StoreUnavailable',
    `The outcome of ${id} is not in this store, though the run counts it as recorded. Does this worker use the store the run began with? \`muster doctor\` shows which it is.`,
  );
}

interface Resolved {
  readonly need: Need;
  readonly seen: readonly NeedSeen[];
}

/** A brief, or one instance, that may have delivered nothing. @param unended its status where it has not ended */
async function single(
  { store, run }: Needing,
  unit: string,
  recorded: readonly NeedSeen[] | undefined,
  unended: Status,
): Promise<Resolved> {
  const { final } = await readState(store, { run, unit });
  const seen = recorded?.[0] ?? seenOf(final, unended);
  const output = final && seen.digest !== undefined ? await outputOf(store, final) : null;
  return { need: { status: seen.status, output }, seen: [seen] };
}

/** A fan as a whole; one that was never opened is seen as one need without a key. */
async function fan(
  who: Needing,
  n: number,
  recorded: readonly NeedSeen[] | undefined,
  unended: Status,
): Promise<Resolved> {
  const { store, run } = who;
  const { expansion, final } = await readState(store, { run, unit: nameOf({ u: n }) });
  const [only] = recorded ?? [];
  if (only && only.key === undefined) return { need: { status: only.status, output: null }, seen: [only] };
  if (!expansion) {
    const { status } = seenOf(final, unended);
    return { need: { status, output: null }, seen: [{ status }] };
  }
  const see = async (key: string, k: number): Promise<NeedSeen> => ({
    key,
    ...seenOf(
      (await readState(store, { run, unit: nameOf({ u: n, k }) })).final,
      k < (expansion.first ?? Infinity) ? unended : 'refused',
    ),
  });
  const seen = recorded ?? (await Promise.all(expansion.keys.map(see)));
  const need = await (recorded
    ? joins(store).get(`${run}/${who.u}<${n}`, () => join(who, n, recorded))
    : join(who, n, seen).then(({ value }) => value));
  return { need, seen };
}

function seenOf(final: OutcomeRow | undefined, unended: Status): NeedSeen {
  const ref = final && given(final);
  return { status: final ? statusOf(final) : unended, ...(ref && { digest: ref.digest }) };
}

/** Recorded joins never change: 1,000 instances over a fan of 1,000 read and parse its outputs once. */
const joins = cachePerStore<Need>(64 * 1024 * 1024);

async function join({ store, run }: Needing, n: number, seen: readonly NeedSeen[]): Promise<Weighed<Need>> {
  let weight = 0;
  const output = await Promise.all(
    seen.map(async ({ key = '', status, digest }, k) => {
      if (digest === undefined) return { key, status, output: null };
      const { final } = await readState(store, { run, unit: nameOf({ u: n, k }) });
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
