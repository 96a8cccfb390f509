import type { Base } from '../contracts/unit.js';
import { Failure } from '../core/outcome/failure.js';
import type { Store } from '../ports/store.js';
import { loadPlan } from './plans.js';
import { type Place, readState, unitName } from './segments.js';

/** Where the log of a brief, or of an instance of it, lies in a run; undefined where that run has none such. */
export async function findPlace(
  store: Store,
  { first: run, plan: digest }: Base,
  { brief, key }: { readonly brief: string; readonly key?: string },
): Promise<Place | undefined> {
  const { plan } = await loadPlan(store, digest);
  const u = plan.briefs.findIndex(({ id }) => id === brief);
  if (u < 0) return undefined;
  if (key === undefined) return plan.briefs[u]!.forEach ? undefined : { run, unit: unitName(u) };
  const { expansion } = await readState(store, { run, unit: unitName(u) });
  const k = expansion?.keys.indexOf(key) ?? -1;
  return k < 0 ? undefined : { run, unit: unitName(u, k) };
}

/**
 * The place of a brief, of a whole fan or of an instance, by label: `dig`, or `dig[pricing]`.
 * @throws Failure `InvalidInput` where that run has none such
 */
export async function nodeOf(
  store: Store,
  base: Base,
  label: string,
): Promise<{ readonly u: number; readonly k?: number }> {
  const { plan } = await loadPlan(store, base.plan);
  const whole = plan.briefs.findIndex(({ id }) => id === label);
  if (whole >= 0) return { u: whole };
  const [u, k] = (await placeOf(store, base, label)).unit.split('.').map(Number);
  return { u: u!, ...(k !== undefined && { k }) };
}

/**
 * Where the log of a brief or an instance lies, by label.
 * @throws Failure `InvalidInput` where that run has none such
 */
export async function placeOf(store: Store, base: Base, label: string): Promise<Place> {
  const [, brief = label, key] = /^([^[]+)\[(.*)\]$/s.exec(label) ?? [];
  const place = await findPlace(store, base, { brief, ...(key !== undefined && { key }) });
  if (place) return place;
  const { plan } = await loadPlan(store, base.plan);
  const fan = plan.briefs.find(({ id, forEach }) => id === label && forEach);
  throw new Failure(
    'InvalidInput',
    fan
      ? `\`${label}\` has instances: name one, as in \`${label}[key]\`.`
      : `That run has no brief \`${label}\`. Its report names them all, under \`answer.ledger\`.`,
  );
}
