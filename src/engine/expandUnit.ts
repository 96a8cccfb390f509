import type { ExpandResult } from '../contracts/unit.js';
import { nameOf } from '../core/graph/node.js';
import { canonical, type Digest } from '../core/outcome/canonical.js';
import { Failure } from '../core/outcome/failure.js';
import type { Reason } from '../core/outcome/outcome.js';
import type { InputsRow } from '../core/outcome/rows.js';
import type { Bindings } from '../core/plan/bindings.js';
import { namesUsed } from '../core/plan/cel.js';
import { conditionAsksItem, expand, type Paired } from '../core/plan/expand.js';
import type { Brief } from '../core/plan/plan.js';
import { type Encoded, encodeValue, INLINE_LIMIT, readValue } from './artifacts.js';
import { acknowledge, inTime } from './handOff.js';
import type { Effects, Lease } from './lease.js';
import { type Log, openLog } from './log.js';
import { briefAt, isPaired, type Needing, resolveNeeds } from './outputs.js';
import { loadPlan } from './plans.js';
import { holds, inputFailure } from './prepare.js';
import { keep, record, takeBack } from './record.js';
import { readState } from './segments.js';
import { reasonOf } from './tries.js';

/*
 * A fan worked out: which instances it has, and with which items. That has no effect but its row, so it needs no
 * fence: the first expansion recorded stands, whoever works out another later.
 */

/** Items beyond this many bytes together are stored by digest: who reads one should not have to read them all. */
const INLINE_TOTAL = 1024 * 1024;

/** @throws Failure `StoreUnavailable`, `Superseded`, `ContractViolation` where something stored cannot be read */
export async function expandUnit(lease: Lease, effects: Omit<Effects, 'beat'>): Promise<ExpandResult> {
  const { store, digest, clock } = effects;
  const { u, run, holder } = lease;
  const { plan } = await loadPlan(store, lease.plan);
  const brief = briefAt(plan, u);
  const log = await openLog(store, { run: run.first, unit: nameOf({ u }) }, holder);
  await takeBack(log, lease, store);
  const recorded = resultOf(log, digest);
  if (recorded) return recorded;
  const started = clock.now();
  const who = { store, run: run.first, plan, u };
  const worked = await inTime({ plan, label: brief.id, lease, effects }, log.state, () =>
    workOut(who, brief, log),
  ).catch((error: unknown): Worked => ({ kind: 'failed', reason: reasonOf(inputFailure(error)) }));
  const { row, ...expanded } = worked;
  if (expanded.kind === 'expanded') {
    await recordExpansion(log, effects, expanded, row);
  } else {
    const verdict = expanded.kind === 'not-needed' ? 'succeeded' : 'failed';
    await record(store, digest, log, {
      ...{
        brief: brief.id,
        number: 0,
        verdict,
        next: { status: expanded.kind },
        started,
        ended: clock.now(),
      },
      ...(expanded.reason && { reason: expanded.reason }),
      ...(row && { inputs: row }),
    });
  }
  return resultOf(log, digest) ?? { status: 'failed', count: 0 };
}

interface Instances {
  readonly kind: 'expanded';
  readonly keys: readonly string[];
  readonly items: readonly Encoded[];
  readonly first?: number;
}
interface None {
  readonly kind: 'not-needed' | 'refused' | 'failed';
  readonly reason?: Reason;
}
/** With what is to be recorded of the fans among its needs. */
type Worked = (Instances | None) & { readonly row?: InputsRow };

async function workOut(who: Needing, brief: Brief, log: Log): Promise<Worked> {
  const { plan } = who;
  const resolved = await resolveNeeds(who, log.state.inputs);
  const { needs } = resolved;
  const row = acknowledge(who, resolved);
  const given = row ? { row } : {};
  const bindings: Bindings = { params: plan.params, inputs: plan.inputs, needs };
  try {
    if (!perInstance(brief) && !holds(brief.when, bindings)) return { kind: 'not-needed', ...given };
    const { source } = brief.forEach ?? {};
    const other = source?.kind === 'each' ? await paired(who, source.brief) : undefined;
    const worked = expand(plan, brief, bindings, other);
    return worked.kind === 'expanded'
      ? { ...worked, items: worked.items.map(encodeValue), ...given }
      : { ...worked, ...given };
  } catch (error) {
    return { kind: 'failed', reason: reasonOf(inputFailure(error)), ...given };
  }
}

/** Whether the condition can be true of one instance and false of another. */
const perInstance = (brief: Brief): boolean =>
  conditionAsksItem(brief) || namesUsed(brief.when ?? 'true').some((name) => isPaired(brief, name));

/** Keys and items of the fan this one is paired with: one instance for each of its instances. */
async function paired({ store, run, plan }: Needing, other: string): Promise<Paired> {
  const n = plan.briefs.findIndex(({ id }) => id === other);
  const { expansion } = await readState(store, { run, unit: nameOf({ u: n }) });
  if (!expansion)
    throw new Failure('InvalidInput', `${other} has no instances to pair with: it was never expanded.`);
  const items = await Promise.all(expansion.items.map((item) => readValue(store, item)));
  return { keys: expansion.keys, items };
}

async function recordExpansion(
  log: Log,
  { store, digest }: Pick<Effects, 'store' | 'digest'>,
  { keys, items, first }: Instances,
  row: InputsRow | undefined,
): Promise<void> {
  let total = 0;
  const places = await Promise.all(
    items.map((item) => {
      total += item.bytes.length;
      return keep(store, digest, item, total <= INLINE_TOTAL ? INLINE_LIMIT : 0);
    }),
  );
  await log.append((put, state) => {
    if (state.expansion || state.final) return [];
    const inputs = row && !state.inputs ? [row] : [];
    const refs = places.map((place) => place(put));
    return [...inputs, { row: 'expansion', keys, items: refs, ...(first !== undefined && { first }) }];
  });
}

function resultOf({ state: { expansion, final } }: Log, digest: Digest): ExpandResult | undefined {
  if (expansion) {
    const { keys, items, first } = expansion;
    const identity = canonical({ keys, items: items.map((item) => item.digest) });
    return {
      status: 'expanded',
      count: keys.length,
      ...(first !== undefined && { first }),
      digest: digest(identity),
    };
  }
  if (!final) return undefined;
  const status = final.status === 'not-needed' || final.status === 'refused' ? final.status : 'failed';
  return { status, count: 0 };
}
