import { canonical, type Json } from '../../outcome/canonical.js';
import { evaluate } from '../../plan/cel.js';
import type { Check } from '../../plan/integration.js';
import { labelOf } from '../expected.js';
import type { Hole } from '../holes.js';
import { pathOf } from '../select.js';
import { inWords, listed } from '../words.js';
import { type Finding, type Judged, missing, scopeOf } from './finding.js';
import { sourcesOf } from './sources.js';

/** Every member of a list is found, or is named with those who would have given it. */
export function covers(check: Check & { kind: 'covers' }, judged: Judged): Finding {
  const wanted = evaluate(check.covers, scopeOf(judged));
  if (!Array.isArray(wanted)) return missing(`\`${check.covers}\` is not a list.`);
  const members = wanted as readonly Json[];
  const left = new Set(members.map(canonical));
  for (const value of pathOf(check.in).each(judged.merged.data)) left.delete(canonical(value));
  const lacking = members.filter((member) => left.has(canonical(member)));
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
  const sources = sourcesOf(plan, path);
  return holes.filter((hole) => sources.has(hole.brief));
}
