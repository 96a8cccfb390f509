import type { ExpandResult } from '../contracts/unit.js';
import { canonical, type Digest } from '../core/outcome/canonical.js';
import { Failure } from '../core/outcome/failure.js';
import type { Reason, Ref } from '../core/outcome/outcome.js';
import type { InputsRow } from '../core/outcome/rows.js';
import type { Bindings } from '../core/plan/bindings.js';
import { namesUsed } from '../core/plan/cel.js';
import { expand } from '../core/plan/expand.js';
import type { Brief } from '../core/plan/plan.js';
import { type Encoded, encodeValue, INLINE_LIMIT } from './artifacts.js';
import type { Effects, Lease } from './lease.js';
import { type Log, openLog, type Put } from './log.js';
import { briefAt, type Needing, resolveNeeds } from './outputs.js';
import { loadPlan } from './plans.js';
import { holds } from './prepare.js';
import { keep, record } from './record.js';
import { readState, unitName } from './segments.js';
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
  const log = await openLog(store, { run: run.first, unit: unitName(u) }, holder);
  const recorded = resultOf(log, digest);
  if (recorded) return recorded;
  const started = clock.now();
  const worked = await workOut({ store, run: run.first, plan, u }, brief, log);
  const inputs = worked.row && { inputs: worked.row };
  if (worked.kind === 'expanded') {
    const items =
      'refs' in worked ? worked.refs.map((ref) => () => ref) : await keepAll(effects, worked.items);
    await log.append((put, state) =>
      state.expansion || state.final
        ? []
        : [
            ...(worked.row && !state.inputs ? [worked.row] : []),
            { row: 'expansion', keys: worked.keys, items: items.map((place) => place(put)) },
          ],
    );
  } else {
    const verdict = worked.kind === 'not-needed' ? 'succeeded' : 'failed';
    const ended = { number: 0, verdict, next: { status: worked.kind }, started, ended: clock.now() } as const;
    await record(store, digest, log, {
      brief: brief.id,
      ...ended,
      ...(worked.reason && { reason: worked.reason }),
      ...inputs,
    });
  }
  return resultOf(log, digest) ?? { status: 'failed', count: 0 };
}

type Worked = { readonly row?: InputsRow } & (
  | { readonly kind: 'expanded'; readonly keys: readonly string[]; readonly items: readonly Encoded[] }
  | { readonly kind: 'expanded'; readonly keys: readonly string[]; readonly refs: readonly Ref[] }
  | { readonly kind: 'not-needed' | 'refused' | 'failed'; readonly reason?: Reason }
);

async function workOut(who: Needing, brief: Brief, log: Log): Promise<Worked> {
  const { plan } = who;
  const { needs, row } = await resolveNeeds(who, log.state.inputs);
  const given = row ? { row } : {};
  const bindings: Bindings = { params: plan.params, inputs: plan.inputs, needs };
  try {
    if (!perInstance(brief) && !holds(brief.when, bindings)) return { kind: 'not-needed', ...given };
    if (brief.forEach?.source.kind === 'each')
      return { kind: 'expanded', ...(await paired(who, brief.forEach.source.brief)), ...given };
    const worked = expand(plan, brief, bindings);
    return worked.kind === 'expanded'
      ? { kind: 'expanded', keys: worked.keys, items: worked.items.map(encodeValue), ...given }
      : { ...worked, ...given };
  } catch (error) {
    if (!(error instanceof Failure) || error.type === 'StoreUnavailable') throw error;
    return { kind: 'failed', reason: reasonOf(error), ...given };
  }
}

/** Whether the condition can be true of one instance and false of another. */
function perInstance({ when, forEach }: Brief): boolean {
  if (when === undefined || !forEach) return false;
  const { as, source } = forEach;
  const own = [as, 'key', ...(source.kind === 'each' ? [source.brief] : [])];
  return namesUsed(when).some((name) => own.includes(name));
}

/** Keys and items of the fan this one is paired with: one instance for each of its instances. */
async function paired(
  { store, run, plan }: Needing,
  other: string,
): Promise<{ readonly keys: readonly string[]; readonly refs: readonly Ref[] }> {
  const n = plan.briefs.findIndex(({ id }) => id === other);
  const { expansion } = await readState(store, { run, unit: unitName(n) });
  if (expansion) return { keys: expansion.keys, refs: expansion.items };
  throw new Failure('InvalidInput', `${other} has no instances to pair with: it was never expanded.`);
}

async function keepAll(
  { store, digest }: Pick<Effects, 'store' | 'digest'>,
  items: readonly Encoded[],
): Promise<readonly ((put: Put) => Ref)[]> {
  let total = 0;
  return Promise.all(
    items.map((item) => {
      total += item.bytes.length;
      return keep(store, digest, item, total <= INLINE_TOTAL ? INLINE_LIMIT : 0);
    }),
  );
}

function resultOf({ state: { expansion, final } }: Log, digest: Digest): ExpandResult | undefined {
  if (expansion) {
    const { keys, items } = expansion;
    const identity = canonical({ keys, items: items.map((item) => item.digest) });
    return { status: 'expanded', count: keys.length, digest: digest(identity) };
  }
  if (!final) return undefined;
  const status = final.status === 'not-needed' || final.status === 'refused' ? final.status : 'failed';
  return { status, count: 0 };
}
