import { celReferences } from '../plan/cel.js';
import { inForce } from '../plan/fallback.js';
import { givenTo, inputsAmong } from '../plan/given.js';
import type { Brief, Plan } from '../plan/plan.js';
import type { Reference } from '../plan/references.js';
import { labelOf } from './expected.js';
import type { LedgerRow } from './ledger.js';
import type { Merged } from './merge/merged.js';

export interface Provenance {
  /** Per collection of the merged data, in the order of its items: labels of the briefs that said the item. */
  readonly items: Merged['sources'];
  /** Per brief or instance that delivered: the input files it was given. Absent where it was given none. */
  readonly files: { readonly [label: string]: readonly string[] };
  /** Every input file by its digest. */
  readonly inputs: Plan['inputs'];
}

export function provenanceOf(plan: Plan, ledger: readonly LedgerRow[], merged: Merged): Provenance {
  const briefs = new Map(plan.briefs.map((brief) => [brief.id, brief]));
  const itemised = new Map(plan.briefs.map((brief) => [brief.id, itemsOf(brief, plan)]));
  const counted = new Map<string, number>();
  const files = ledger.flatMap((row): [string, readonly string[]][] => {
    const k = counted.get(row.brief) ?? 0;
    counted.set(row.brief, k + 1);
    const own = itemised.get(row.brief)?.[k];
    const paths = own === undefined ? filesOf(inForce(briefs.get(row.brief)!, row.fallback), plan) : [own];
    return row.ref && paths.length > 0 ? [[labelOf(row), paths]] : [];
  });
  return { items: merged.sources, files: Object.fromEntries(files), inputs: plan.inputs };
}

/** Of a fan-out over the files of one input: the file of each instance, in order. */
function itemsOf({ forEach }: Brief, { inputs }: Plan): readonly string[] | undefined {
  const name =
    forEach?.source.kind === 'in' ? /^inputs\.(\w+)$/.exec(forEach.source.cel.trim())?.[1] : undefined;
  return name === undefined ? undefined : inputs[name]?.map(({ path }) => path);
}

/** The files of the inputs that a brief names: under `files`, in its fan-out, its texts, its standard input. */
function filesOf(brief: Brief, { inputs }: Plan): readonly string[] {
  const names = new Set([...brief.files, ...inputsAmong([...givenTo(brief), ...fannedOver(brief)], inputs)]);
  return [...names].flatMap((name) => (inputs[name] ?? []).map(({ path }) => path));
}

/** What the items of its fan-out are worked out from. */
export const fannedOver = ({ forEach }: Brief): readonly Reference[] =>
  forEach?.source.kind === 'in' ? celReferences(forEach.source.cel) : [];
