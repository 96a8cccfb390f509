import type { Plan } from '../../plan/plan.js';
import type { Coverage } from '../checks/finding.js';
import { labelOf } from '../expected.js';
import type { Facts } from '../facts.js';
import { isSimulated } from '../models.js';
import type { Answer, Report } from '../report.js';
import { isFlawed } from '../synthesis/prose.js';
import { undecided } from '../verdict.js';
import { counted, cut } from '../words.js';
import type { Ink } from './ink.js';

const MEANS = {
  complete: 'everything that was asked for and can be checked is here',
  partial: 'there is an answer, and something of it is missing or not as asked',
  failed: 'there is no answer that could be used, or a failure stopped the run',
  cancelled: 'the run was cancelled; this is what there was by then',
} as const;

/** Characters of a requirement where it is named. */
const SAYS = 120;

/** What the status means, and in brackets what makes it that. */
export function verdict<T>({ answer, run }: Report, { say, brief, code, prose, some, joined }: Ink<T>): T {
  const unmet = answer.requirements.filter(({ status }) => status === 'missing' || status === 'contradicted');
  const details: T[] = [];
  if (unmet.length > 0)
    details.push(
      say`${unmet.length} of ${counted(answer.requirements.length, 'requirement')} not met: ${some(
        unmet.map(({ says }) => says),
        (says) => say`“${prose(cut(says, SAYS))}”`,
      )}`,
    );
  if (answer.missing.length > 0) {
    const holes = `${counted(answer.missing.length, 'hole')} among ${counted(answer.ledger.length, 'brief')}`;
    details.push(say`${holes}: ${some(answer.missing.map(labelOf), brief)}`);
  }
  const { unreduced = [] } = answer;
  if (unreduced.length > 0)
    details.push(
      say`${some(
        unreduced.map((one) => one.in),
        code,
      )} not brought together`,
    );
  const flawed = (answer.prose?.sections ?? []).filter(isFlawed).length;
  if (flawed > 0) details.push(say`${counted(flawed, 'section')} of the text not as asked`);
  if (undecided(answer) > 0)
    details.push(say`${counted(undecided(answer), 'difference')} that the plan lets nobody decide`);
  if (answer.verified?.holds === false) details.push(say`verification does not hold`);
  return details.length > 0
    ? say`${MEANS[run.status]} (${joined(details, '; ')}).`
    : say`${MEANS[run.status]}.`;
}

/** Which collections stand as they were said, because their function did not bring them together, and why. */
export const notReduced = <T>({ unreduced = [] }: Answer, { say, code, prose }: Ink<T>): readonly T[] =>
  unreduced.map(({ in: name, why }) => say`${code(name)} is as it was said, item by item: ${prose(why)}`);

/** What was found for a requirement. */
export const evidenceOf = <T>(
  { evidence, wouldHaveComeFrom = [] }: Coverage,
  { say, prose, brief, some }: Ink<T>,
): T =>
  wouldHaveComeFrom.length > 0
    ? say`${prose(evidence)} Nothing came from ${some(wouldHaveComeFrom, brief)}.`
    : prose(evidence);

/** What the command of the plan said of the answer; undefined where there is none. */
export function verification<T>(
  { verified }: Answer,
  { integrate }: Plan,
  { say, prose, code, strong }: Ink<T>,
): T | undefined {
  if (!verified) return undefined;
  const command = code((integrate.verify ?? []).join(' '));
  return verified.holds
    ? say`Verified by ${command}: holds.`
    : say`Verified by ${command}: ${strong(say`does not hold`)}: ${prose(verified.finding ?? 'it gave no reason')}`;
}

/** Said before anything that was answered so. */
export function simulation<T>(
  { models = [], integrator }: Facts,
  { say, strong, code, some }: Ink<T>,
): T | undefined {
  const simulated = models.filter((one) => one.simulated);
  const standIns = (integrator?.models ?? []).filter(isSimulated);
  const briefs = (all: typeof models) => all.reduce((sum, one) => sum + one.briefs, 0);
  const who = [
    ...(simulated.length > 0
      ? [`${briefs(simulated)} of the ${counted(briefs(models), 'brief')} that asked a model`]
      : []),
    ...(standIns.length > 0 ? ['what the integrator asked'] : []),
  ];
  if (who.length === 0) return undefined;
  const names = [...new Set([...simulated.map(({ model }) => model), ...standIns])];
  return say`${strong(say`Simulated`)}: ${who.join(' and ')} got the answer of a stand-in: ${some(names, code)}.`;
}

export const capital = (word: string): string => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
