import { GIVING } from '../../outcome/outcome.js';
import type { Voted } from '../../outcome/voted.js';
import { labelOf } from '../expected.js';
import type { Answer } from '../report.js';
import { counted } from '../words.js';
import type { Ink } from './ink.js';

type Row = Answer['ledger'][number] & { readonly voted: Voted };

const votedOn = ({ ledger }: Answer): readonly Row[] =>
  ledger.filter((row): row is Row => row.voted !== undefined);

/** How many briefs were voted on, and how many in one voice; undefined where none was. */
export function votesInAll<T>(answer: Answer, { say }: Ink<T>): T | undefined {
  const all = votedOn(answer);
  if (all.length === 0) return undefined;
  const apart = divided(answer).length;
  const agreed = apart === 0 ? 'every sample said the same' : `not all samples said the same in ${apart}`;
  const open = all.filter(({ voted }) => !voted.decided).length;
  const undecided = open === 0 ? '' : `, and ${open} ${open === 1 ? 'was' : 'were'} not decided`;
  return say`${counted(all.length, 'brief')} ${all.length === 1 ? 'was' : 'were'} voted on by several samples: ${agreed}${undecided}.`;
}

/** Votes in which somebody dissented or abstained, or that decided nothing. */
export const divided = (answer: Answer): readonly Row[] =>
  votedOn(answer).filter(
    ({ voted: { candidates, abstained, decided } }) =>
      candidates.length !== 1 || abstained.length > 0 || !decided,
  );

/** `verdict: 6 of 9 say Temporal; 2 say Restate; 1 could not be used. Taken, for no other could catch up.` */
export function vote<T>(row: Row, { say, brief, prose, shown, joined }: Ink<T>): T {
  const { samples, candidates, abstained, because } = row.voted;
  const said = candidates.map(({ value, by }, n) =>
    n === 0
      ? say`${by.length} of ${counted(samples, 'sample')} ${says(by)} ${shown(value)}`
      : say`${by.length} ${says(by)} ${shown(value)}`,
  );
  if (abstained.length > 0)
    said.push(say`${abstained.length} ${abstained.length === 1 ? 'votes' : 'vote'} for nothing`);
  return say`${brief(labelOf(row))}: ${joined(said, '; ')}. ${end(row)}: ${prose(BECAUSE.get(because) ?? because)}.`;
}

/** What was voted for is not always what was delivered. */
function end({ status, fallback, voted: { decided } }: Row): string {
  if (!decided)
    return fallback ? 'The vote decided nothing, and its fallback delivered' : 'Nothing is decided';
  return GIVING.has(status) && !fallback ? 'The first is taken' : 'The first won, and was not accepted';
}

const says = (by: readonly number[]): string => (by.length === 1 ? 'says' : 'say');

const BECAUSE: ReadonlyMap<string, string> = new Map([
  ['all asked', 'all were asked'],
  ['uncatchable', 'no other could catch up'],
  ['confident', 'it is as likely as the plan wants that it would have stayed so'],
  ['tie', 'as many for two'],
  ['no quorum', 'fewer than the plan wants'],
  ['all abstained', 'no sample could be used'],
]);
