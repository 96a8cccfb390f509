import { Failure } from '../outcome/failure.js';
import { givenTo } from '../plan/given.js';
import type { Plan } from '../plan/plan.js';
import type { Part, Source } from './evidence/statement.js';
import { labelOf } from './expected.js';
import { grouped } from './grouped.js';
import type { LedgerRow } from './ledger.js';
import type { Output } from './merge/merged.js';
import { fannedOver, type Provenance } from './provenance.js';

/** What came of the briefs, and of the files that they were given. */
export interface Material {
  readonly plan: Plan;
  readonly ledger: readonly LedgerRow[];
  readonly outputs: readonly Output[];
  readonly provenance: Provenance;
  /** Texts of input files by digest; absent where no requirement needs them. */
  readonly texts?: ReadonlyMap<string, string>;
}

/** Whether a requirement holds what was said against the files that were given. */
export const readsInputs = ({ requirements }: Plan): boolean =>
  requirements.some(({ check }) => check?.kind === 'provenance' && check.against === 'inputs');

/**
 * What can be cited, by the label of a brief or an instance; the id of a fan-out stands for all of its instances.
 * @throws Failure `StoreUnavailable` where a file that is needed is no longer in the store.
 */
export function sourcesOf(against: 'inputs' | 'outputs', material: Material): ReadonlyMap<string, Source> {
  const parts = new Map(material.outputs.map((output): [string, Part] => [output.label, output]));
  const ofBrief = grouped(material.outputs, ({ brief }) => brief);
  const outputsOf = (id: string): Source =>
    (ofBrief.get(id) ?? []).flatMap(({ label }) => parts.get(label) ?? []);
  const given =
    against === 'inputs' ? givenParts(material, outputsOf, (label) => parts.get(label)) : undefined;
  const sources = new Map<string, Part[]>();
  for (const row of material.ledger) {
    const label = labelOf(row);
    const own = parts.get(label);
    const source = given ? given(row) : own ? [own] : [];
    sources.set(label, source);
    if (label === row.brief) continue;
    const all = sources.get(row.brief) ?? [];
    for (const part of source) all.push(part);
    sources.set(row.brief, all);
  }
  return sources;
}

/** The files of a brief, the outputs of the needs that it uses, and the params; each part once, whoever has it. */
function givenParts(
  { plan, provenance, texts }: Material,
  outputsOf: (id: string) => Source,
  outputOf: (label: string) => Part | undefined,
): (row: LedgerRow) => Part[] {
  const briefs = new Map(plan.briefs.map((brief) => [brief.id, brief]));
  const digests = new Map(
    Object.values(plan.inputs).flatMap((all) => all.map(({ path, digest }) => [path, digest])),
  );
  const params: Part = { value: plan.params };
  const files = new Map<string, Part>();
  const fileAt = (path: string): Part => {
    const text = texts?.get(digests.get(path) ?? '');
    if (text === undefined)
      throw new Failure('StoreUnavailable', `the input file \`${path}\` is no longer in the store.`);
    const part = files.get(path) ?? { text: `${path}\n\n${text}` };
    files.set(path, part);
    return part;
  };
  return (row) => {
    const brief = briefs.get(row.brief)!;
    const paired = brief.forEach?.source.kind === 'each' ? brief.forEach.source.brief : undefined;
    /** An instance of a pair is given its counterpart. */
    const counterpart = paired === undefined ? undefined : outputOf(labelOf({ ...row, brief: paired }));
    const used = new Set([...givenTo(brief), ...fannedOver(brief)].map(({ root }) => root));
    return [
      ...(provenance.files[labelOf(row)] ?? []).map(fileAt),
      ...brief.needs.filter((need) => need !== paired && used.has(need)).flatMap(outputsOf),
      ...(counterpart ? [counterpart] : []),
      ...(used.has('params') ? [params] : []),
    ];
  };
}
