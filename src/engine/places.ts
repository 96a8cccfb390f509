import type { Base } from '../contracts/unit.js';
import { type Node, nameOf, nodeNamed } from '../core/graph/node.js';
import { Failure } from '../core/outcome/failure.js';
import type { Store } from '../ports/store.js';
import { loadPlan } from './plans.js';
import { type Place, readState } from './segments.js';

interface Named {
  readonly brief: string;
  readonly key?: string;
}

/** Where the log of a brief, or of an instance of it, lies in a run; undefined where that run has none such. */
export async function findPlace(store: Store, base: Base, named: Named): Promise<Place | undefined> {
  const node = await findNode(store, base, named);
  return node && { run: base.first, unit: nameOf(node) };
}

async function findNode(
  store: Store,
  { first: run, plan: digest }: Base,
  { brief, key }: Named,
): Promise<Node | undefined> {
  const { plan } = await loadPlan(store, digest);
  const u = plan.briefs.findIndex(({ id }) => id === brief);
  if (u < 0) return undefined;
  if (key === undefined) return plan.briefs[u]!.forEach ? undefined : { u };
  const { expansion } = await readState(store, { run, unit: nameOf({ u }) });
  const k = expansion?.keys.indexOf(key) ?? -1;
  return k < 0 ? undefined : { u, k };
}

/**
 * The place of a brief, of a whole fan or of an instance, by label: `dig`, or `dig[pricing]`.
 * @throws Failure `InvalidInput` where that run has none such
 */
export async function nodeOf(store: Store, base: Base, label: string): Promise<Node> {
  const { plan } = await loadPlan(store, base.plan);
  const whole = plan.briefs.findIndex(({ id }) => id === label);
  return whole >= 0 ? { u: whole } : nodeNamed((await placeOf(store, base, label)).unit);
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
