import { evaluate } from '../../plan/cel.js';
import type { Check } from '../../plan/integration.js';
import { pathOf } from '../select.js';
import { inWords } from '../words.js';
import { type Finding, type Judged, missing, scopeOf } from './finding.js';
import { collectionOf, sourcesOf } from './sources.js';

/**
 * What went in is what came out, with what is listed as removed or missing. A hole counts as one: it is for fan-outs that
 * give an item each.
 */
export function reconcile(check: Check & { kind: 'reconcile' }, judged: Judged): Finding {
  const { plan, merged, holes } = judged;
  const wanted = evaluate(check.reconcile, scopeOf(judged));
  if (typeof wanted !== 'number')
    return missing(`\`${check.reconcile}\` gives ${inWords(wanted)}, which is no number.`);
  const items = pathOf(check.in).count(merged.data);
  const collection = collectionOf(plan, check.in)?.name;
  const dropped = merged.dropped.filter((one) => one.in === collection).length;
  const again = merged.duplicates
    .filter((one) => one.in === collection)
    .reduce((sum, { by }) => sum + by.length - 1, 0);
  const joined = Math.max(0, (merged.said[collection ?? ''] ?? 0) - items - dropped - again);
  const sources = sourcesOf(plan, check.in);
  const lacking = holes.filter(({ brief }) => sources.has(brief)).length;
  const accounted = items + dropped + again + joined + lacking;
  const parts = [
    `${items} at \`${check.in}\``,
    again > 0 && `${again} said again`,
    joined > 0 && `${joined} joined with others of the same key`,
    dropped > 0 && `${dropped} dropped`,
    lacking > 0 && `${lacking} missing`,
  ];
  const evidence = `${wanted} went in by \`${check.reconcile}\`; accounted for are ${accounted}: ${parts.filter(Boolean).join(', ')}.`;
  if (accounted === wanted) return { status: 'covered', evidence };
  return { status: accounted < wanted ? 'missing' : 'contradicted', evidence };
}
