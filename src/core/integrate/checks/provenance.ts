import type { ProvenanceCheck } from '../../plan/integration.js';
import { supportOf, unsupportedInWords } from '../support.js';
import { counted, listed } from '../words.js';
import { type Finding, type Judged, missing } from './finding.js';

/** What was said is found in what it rests on; what is not is named, with the share that it is. */
export function provenance(check: ProvenanceCheck, judged: Judged): Finding {
  const { statements, unsupported } = supportOf(check, judged.merged.data, judged);
  if (statements === 0) return missing(`\`${check.in}\` selects nothing.`);
  const found = statements - unsupported.length;
  const where = check.against === 'inputs' ? 'in what their briefs were given' : 'in the cited results';
  const tally = `${found} of ${counted(statements, 'statement')} at \`${check.in}\` found ${where}`;
  if (unsupported.length === 0) return { status: 'covered', evidence: `${tally}.` };
  const share = `${((100 * unsupported.length) / statements).toFixed(1)} % unsupported`;
  return {
    status: check.strict ? 'contradicted' : 'covered',
    evidence: `${tally}, ${share}: ${listed(unsupported.map(unsupportedInWords))}.`,
    unsupported,
  };
}
