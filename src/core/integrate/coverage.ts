import { RE2JS } from 're2js';
import { canonical, type Json, type JsonObject } from '../outcome/canonical.js';
import { evaluate } from '../plan/cel.js';
import type { Check, Requirement } from '../plan/integration.js';
import type { Plan } from '../plan/plan.js';
import { validator } from '../plan/validate.js';
import { labelOf } from './expected.js';
import type { Hole } from './holes.js';
import type { LedgerRow } from './ledger.js';
import { pathOf } from './select.js';
import { counted, inWords, listed } from './words.js';

/**
 * `covered`: what was found satisfies it. `contradicted`: what was found says otherwise. `missing`: what it asks for is
 * not there, or the check found nothing it could judge. `unchecked`: the plan gives no check.
 */
type CoverageStatus = 'covered' | 'missing' | 'contradicted' | 'unchecked';

export interface Coverage {
  readonly id: string;
  readonly says: string;
  readonly status: CoverageStatus;
  /** One sentence: what was looked at, and what was found. */
  readonly evidence: string;
  /** Of `covers`: the members nothing was found for. */
  readonly lacking?: readonly Json[];
  /** Labels of the briefs whose holes explain what is lacking. */
  readonly wouldHaveComeFrom?: readonly string[];
}

export interface Judged {
  readonly plan: Plan;
  /** The merged data. */
  readonly data: JsonObject;
  readonly ledger: readonly LedgerRow[];
  readonly holes: readonly Hole[];
}

type Finding = Omit<Coverage, 'id' | 'says'>;

/** Every requirement, in plan order. A check that cannot be worked out is `missing` and says why; it never throws. */
export const coverageOf = (judged: Judged): Coverage[] =>
  judged.plan.requirements.map((requirement) => ({
    id: requirement.id,
    says: requirement.says,
    ...find(requirement, judged),
  }));

function find({ check }: Requirement, judged: Judged): Finding {
  if (!check) return { status: 'unchecked', evidence: 'The plan gives no check for it.' };
  try {
    return checked(check, judged);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { status: 'missing', evidence: `It cannot be worked out: ${why}` };
  }
}

function checked(check: Check, judged: Judged): Finding {
  switch (check.kind) {
    case 'covers':
      return covers(check, judged);
    case 'schema':
      return schema(check, judged);
    case 'count':
      return count(check, judged);
    case 'matches':
      return matches(check, judged);
    case 'cel':
      return cel(check, judged);
  }
}

function covers(check: Check & { kind: 'covers' }, judged: Judged): Finding {
  const wanted = evaluate(check.covers, scopeOf(judged));
  if (!Array.isArray(wanted)) return missing(`\`${check.covers}\` is not a list.`);
  const members = wanted as readonly Json[];
  const found = new Set(pathOf(check.in).all(judged.data).map(canonical));
  const lacking = members.filter((member) => !found.has(canonical(member)));
  const tally = `${members.length - lacking.length} of ${members.length} of \`${check.covers}\` found at \`${check.in}\``;
  if (lacking.length === 0) return { status: 'covered', evidence: `${tally}.` };
  const from = suspects(lacking, check.in, judged).map(labelOf);
  return {
    status: 'missing',
    evidence: `${tally}; not found: ${listed(lacking.map(inWords))}.`,
    lacking,
    ...(from.length > 0 && { wouldHaveComeFrom: from }),
  };
}

/** Holes that would have given what is lacking: instances named like it; else whatever feeds the collection asked. */
function suspects(lacking: readonly Json[], path: string, { plan, holes }: Judged): readonly Hole[] {
  const named = new Set(lacking.map((member) => (typeof member === 'string' ? member : canonical(member))));
  const byKey = holes.filter(({ key }) => key !== undefined && named.has(key));
  if (byKey.length > 0) return byKey;
  const { merge } = plan.integrate;
  const sources = new Set(
    merge.length === 0
      ? plan.briefs.map(({ id }) => id).filter((id) => mentions(path, id))
      : merge.filter(({ name }) => mentions(path, name)).flatMap(({ from }) => from),
  );
  return holes.filter((hole) => sources.has(hole.brief));
}

const mentions = (path: string, name: string): boolean =>
  new RegExp(`^\\$(\\.|\\[['"])${name}\\b`).test(path);

function schema(check: Check & { kind: 'schema' }, { data }: Judged): Finding {
  const wrong = validator(check.schema);
  const values = check.in === undefined ? [data] : pathOf(check.in).all(data);
  if (values.length === 0) return missing(`\`${check.in}\` selects nothing.`);
  const problems = values.flatMap((value) => wrong(value));
  const where =
    check.in === undefined
      ? 'The merged data'
      : `What \`${check.in}\` selects (${counted(values.length, 'value')})`;
  if (problems.length === 0) return { status: 'covered', evidence: `${where} satisfies the schema.` };
  return { status: 'contradicted', evidence: `${where} does not satisfy the schema: ${listed(problems)}.` };
}

function count(check: Check & { kind: 'count' }, { data }: Judged): Finding {
  const { min = 0, max = Infinity } = check;
  const found = (pathOf(check.in).items(data) ?? []).length;
  const asked = [check.min !== undefined && `at least ${min}`, check.max !== undefined && `at most ${max}`];
  const evidence = `${counted(found, 'item')} at \`${check.in}\`; asked for ${asked.filter(Boolean).join(' and ')}.`;
  return { status: found < min ? 'missing' : found > max ? 'contradicted' : 'covered', evidence };
}

function matches(check: Check & { kind: 'matches' }, { data }: Judged): Finding {
  const pattern = RE2JS.compile(check.matches);
  const values = pathOf(check.in).all(data);
  if (values.length === 0) return missing(`\`${check.in}\` selects nothing.`);
  const others = values.filter((value) => !pattern.matcher(inWords(value)).find());
  const where = `${values.length - others.length} of ${values.length} at \`${check.in}\` match \`${check.matches}\``;
  if (others.length === 0) return { status: 'covered', evidence: `${where}.` };
  return { status: 'contradicted', evidence: `${where}; these do not: ${listed(others.map(inWords))}.` };
}

function cel(check: Check & { kind: 'cel' }, judged: Judged): Finding {
  const holds = evaluate(check.cel, scopeOf(judged));
  if (typeof holds !== 'boolean')
    return missing(`\`${check.cel}\` gives ${inWords(holds)}, neither true nor false.`);
  return { status: holds ? 'covered' : 'contradicted', evidence: `\`${check.cel}\` is ${holds}.` };
}

const missing = (evidence: string): Finding => ({ status: 'missing', evidence });

const scopeOf = ({ plan, data, ledger }: Judged): { readonly [name: string]: Json } => ({
  data,
  params: plan.params,
  inputs: plan.inputs as unknown as Json,
  ledger: ledger.map(
    (row): JsonObject => ({
      brief: row.brief,
      ...(row.key !== undefined && { key: row.key }),
      label: labelOf(row),
      status: row.status,
    }),
  ),
});
