import type { Verified } from '../core/integrate/report.js';
import { canonical, type Digest } from '../core/outcome/canonical.js';
import type { Interview } from './interview.js';

interface Verification {
  readonly argv: readonly string[];
  /** It is not the command of the run's own plan. */
  readonly other: boolean;
  /** The answer as canonical JSON. */
  readonly stdin: string;
  readonly cwd?: string;
}

/**
 * What `integrate.verify` says of an answer, asked once: another answer (salvage, then the run's own) is another question,
 * and so is one that another command is asked.
 * @throws Failure `Cancelled`, `StoreUnavailable`: those say nothing about the answer.
 */
export async function verify(
  { argv, other, stdin, cwd }: Verification,
  interview: Interview,
  digest: Digest,
): Promise<Verified> {
  const reply = await interview.ask({
    label: 'integrate.verify',
    work: { kind: 'run', argv, stdin, okExit: [0], ...(cwd !== undefined && { cwd }) },
    key: digest(other ? canonical([...argv, stdin]) : stdin),
    attempts: 1,
  });
  return 'failure' in reply ? { holds: false, finding: reply.failure.message } : { holds: true };
}
