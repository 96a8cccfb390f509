import type { Finding, Judged } from '../core/integrate/checks/finding.js';
import {
  type Choice,
  type Choices,
  type Dispute,
  disputeName,
  hearingOf,
} from '../core/integrate/judging/dispute.js';
import { trialOf } from '../core/integrate/judging/requirement.js';
import type { Output } from '../core/integrate/merge/merged.js';
import { merge } from '../core/integrate/merge.js';
import { Kept, type Room, valuesOf } from '../core/integrate/wide/scratch.js';
import type { Digest } from '../core/outcome/canonical.js';
import type { Plan } from '../core/plan/plan.js';
import type { Interview } from './interview.js';

/** What judges choose between values that the rules before them leave undecided. */
export async function choicesOf(
  plan: Plan,
  outputs: readonly Output[],
  interview: Interview,
  room: Required<Room>,
): Promise<Choices | undefined> {
  if (!plan.integrate.merge.some(({ conflicts }) => conflicts.some(({ kind }) => kind === 'judge')))
    return undefined;
  const { scratch, digest } = room;
  const disputes: Kept<Dispute>[] = [];
  const choices = (dispute: Dispute): undefined => {
    disputes.push(new Kept(scratch, dispute));
  };
  merge(plan, outputs, { choices }, room);
  const nameOf = (dispute: Dispute) => digest(disputeName(dispute));
  const chosen = await interview.each(valuesOf(disputes), async (dispute): Promise<[string, Choice]> => {
    const hearing = hearingOf(plan, dispute, digest);
    if (!('questions' in hearing)) return [nameOf(dispute), hearing];
    const [one, other] = hearing.questions;
    return [nameOf(dispute), hearing.choiceOf(await interview.ask(one), await interview.ask(other))];
  });
  const known = new Map(chosen);
  return (dispute) => known.get(nameOf(dispute));
}

/** What judges find of the requirements that ask for one, by id. */
export async function judgementsOf(
  judged: Judged,
  interview: Interview,
  digest: Digest,
): Promise<ReadonlyMap<string, Finding>> {
  const asked = judged.plan.requirements.flatMap(({ check, ...requirement }) =>
    check?.kind === 'judge' ? [{ ...requirement, check }] : [],
  );
  const found = await interview.each(asked, async (requirement): Promise<[string, Finding]> => {
    const trial = trialOf(requirement, judged, digest);
    if (!('questions' in trial)) return [requirement.id, trial];
    const replies = await Promise.all(trial.questions.map(interview.ask));
    return [requirement.id, trial.findingOf(replies)];
  });
  return new Map(found);
}
