import { evaluate } from '../plan/cel.js';
import type { Check, JudgeCheck, Requirement } from '../plan/integration.js';
import { covers } from './checks/covers.js';
import { type Coverage, type Finding, type Judged, missing, scopeOf } from './checks/finding.js';
import { provenance } from './checks/provenance.js';
import { reconcile } from './checks/reconcile.js';
import { count, matches, range, schema, unique } from './checks/values.js';
import { inWords } from './words.js';

/** With what models found, of the requirements that they judged. */
export const judgedAlso = (
  found: readonly Coverage[],
  judgements: ReadonlyMap<string, Finding>,
): readonly Coverage[] =>
  found.map((one) => {
    const { id, says } = one;
    const judgement = judgements.get(id);
    return judgement ? { id, says, ...judgement } : one;
  });

/** Every requirement, in plan order. Those that models judge are `missing` as yet. A check that cannot be worked out is `missing` and says why; it never throws. */
export const coverageOf = (judged: Judged): Coverage[] =>
  judged.plan.requirements.map((requirement) => ({
    id: requirement.id,
    says: requirement.says,
    ...find(requirement, judged),
  }));

function find({ check }: Requirement, judged: Judged): Finding {
  if (!check) return { status: 'unchecked', evidence: 'The plan gives no check for it.' };
  try {
    if (check.kind === 'judge') return missing('No model was asked.');
    return checked(check, judged);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { status: 'missing', evidence: `It cannot be worked out: ${why}` };
  }
}

function checked(check: Exclude<Check, JudgeCheck>, judged: Judged): Finding {
  switch (check.kind) {
    case 'covers':
      return covers(check, judged);
    case 'schema':
      return schema(check, judged);
    case 'count':
      return count(check, judged);
    case 'matches':
      return matches(check, judged);
    case 'unique':
      return unique(check, judged);
    case 'range':
      return range(check, judged);
    case 'reconcile':
      return reconcile(check, judged);
    case 'cel':
      return cel(check, judged);
    case 'provenance':
      return provenance(check, judged);
  }
}

function cel(check: Check & { kind: 'cel' }, judged: Judged): Finding {
  const holds = evaluate(check.cel, scopeOf(judged));
  if (typeof holds !== 'boolean')
    return missing(`\`${check.cel}\` gives ${inWords(holds)}, neither true nor false.`);
  return { status: holds ? 'covered' : 'contradicted', evidence: `\`${check.cel}\` is ${holds}.` };
}
