import { isHole, type Status } from '../outcome/outcome.js';
import type { Brief, Plan } from '../plan/plan.js';
import { labelOf } from './expected.js';
import type { LedgerRow } from './ledger.js';
import type { Silence } from './merge/merged.js';
import { listed } from './words.js';

/** Something the answer should hold and does not: a brief that did not deliver, or delivered past the question. */
export interface Hole {
  readonly brief: string;
  readonly key?: string;
  readonly status: Status;
  /** One sentence. */
  readonly why: string;
  readonly wouldHaveGiven: string;
}

/** In ledger order; then, in plan order, the outputs that have nothing where the merge looks. */
export function holesOf(plan: Plan, ledger: readonly LedgerRow[], silent: readonly Silence[]): Hole[] {
  const briefs = new Map(plan.briefs.map((brief) => [brief.id, brief]));
  const rows = new Map(ledger.map((row) => [labelOf(row), row]));
  const hole = (row: LedgerRow, why: string): Hole => ({
    brief: row.brief,
    ...(row.key !== undefined && { key: row.key }),
    status: row.status,
    why,
    wouldHaveGiven: wouldHaveGiven(briefs.get(row.brief)!, plan),
  });
  return [
    ...ledger.filter(({ status }) => isHole(status)).map((row) => hole(row, whyOf(row, rows))),
    ...silent.map(({ by, at, in: collection }) =>
      hole(
        rows.get(by)!,
        `It delivered, but its output has nothing at \`${at}\`, where \`${collection}\` is taken from.`,
      ),
    ),
  ];
}

function whyOf(row: LedgerRow, rows: ReadonlyMap<string, LedgerRow>): string {
  if (row.reason) return row.reason.message;
  if (row.status === 'skipped') {
    const culprit = row.because === undefined ? undefined : rows.get(row.because);
    if (!culprit) return 'Skipped because a need did not deliver.';
    return isHole(culprit.status)
      ? `Skipped because \`${row.because}\` is ${culprit.status}.`
      : `Skipped because \`${row.because}\` had not delivered when its time was up.`;
  }
  if (row.status === 'not-reached')
    return 'No outcome of it is on record: the run ended before it was reached.';
  return `It ended as ${row.status}, and no reason is on record.`;
}

/** What the plan says it was for: title, the collections it feeds, the fields it must return. */
function wouldHaveGiven(brief: Brief, { integrate }: Plan): string {
  const feeds = integrate.merge
    .filter(({ from }) => from.includes(brief.id))
    .map(({ name }) => `\`${name}\``);
  const fields = brief.output?.properties;
  const named =
    fields && typeof fields === 'object' ? Object.keys(fields).map((field) => `\`${field}\``) : [];
  const parts = [
    brief.title,
    feeds.length > 0 && `items of ${listed(feeds)}`,
    named.length > 0 && `the ${named.length === 1 ? 'field' : 'fields'} ${listed(named)}`,
  ];
  return (
    parts.filter((part) => part !== undefined && part !== false).join('; ') || `the output of \`${brief.id}\``
  );
}
