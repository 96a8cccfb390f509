import type { JsonObject } from '../outcome/canonical.js';
import type { ProvenanceCheck } from '../plan/integration.js';
import { type Material, sourcesOf } from './citable.js';
import { checkerOf } from './evidence/check.js';
import type { Finding } from './evidence/statement.js';
import { statementsOf } from './statements.js';
import { cut } from './words.js';

/** How much of what was said is found in what it rests on. */
export interface Support {
  readonly statements: number;
  /** Those of which something is not found. */
  readonly unsupported: readonly Unsupported[];
}

export interface Unsupported {
  /** Where it stands in the merged data: `$.findings[3]`. */
  readonly at: string;
  /** Labels of the briefs that it was held against. */
  readonly cites: readonly string[];
  readonly findings: readonly Finding[];
}

/** A token is told by so much of it. */
const LONGEST = 80;

/** @throws Failure `InvalidPlan` where the path is no JSONPath; `StoreUnavailable` where an input file is gone. */
export function supportOf(check: ProvenanceCheck, data: JsonObject, material: Material): Support {
  const findingsOf = checkerOf(sourcesOf(check.against, material));
  const unsupported: Unsupported[] = [];
  let statements = 0;
  for (const statement of statementsOf(check, data, material.plan, material.provenance.items)) {
    statements++;
    const findings = findingsOf(statement).map((one) => ({ ...one, token: cut(one.token, LONGEST) }));
    if (findings.length > 0) unsupported.push({ at: statement.at, cites: statement.cites, findings });
  }
  return { statements, unsupported };
}

/** `figure "1,300" at $.rows[2] (about another subject)`, of the first that is not found. */
export const unsupportedInWords = ({ at, findings }: Unsupported): string => {
  const { token, kind, why } = findings[0]!;
  const more = findings.length > 1 ? `, and ${findings.length - 1} more` : '';
  return token === '' ? `${at} (${why})` : `${kind} "${token}" at ${at} (${why})${more}`;
};
