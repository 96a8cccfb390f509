import type { FileRule, Rule } from '../../plan/integration.js';
import type { Plan } from '../../plan/plan.js';
import { agreementOf } from '../merge/agreement.js';
import type { Conflict, Said } from '../merge/merged.js';
import type { Answer } from '../report.js';
import { losers, ruleText } from '../rules.js';
import { counted } from '../words.js';
import { totalsOf } from './apart.js';
import type { Ink } from './ink.js';

/** `prefer licences, then keep-both`. */
export const rulesInOrder = <T>(
  rules: readonly (Rule | FileRule)[],
  { say, em, prose, joined }: Ink<T>,
): T =>
  rules.length === 0
    ? say`none, so every value is kept`
    : joined(
        rules.map((rule) => em(prose(ruleText(rule)))),
        ', then ',
      );

/** Whether sources disagreed: what was decided by which rules, or that nothing was, and why not; and how far they agree. */
export function disagreement<T>(answer: Answer, { integrate }: Plan, ink: Ink<T>): T {
  const { say, code, joined } = ink;
  const { conflicts } = answer;
  const all = totalsOf(answer).conflicts;
  const compared = integrate.merge.filter(({ key, deep }) => key.length > 0 || deep);
  if (all === 0)
    return compared.length === 0
      ? say`Nothing was compared: the plan names no key by which two sources speak of the same item.${collided(answer)}`
      : say`Nowhere: no two sources said different things of the same item.${agreed(answer)}${collided(answer)}`;
  if (conflicts.length === 0)
    return say`${counted(all, 'difference')}, which all lie apart.${agreed(answer)}${collided(answer)}`;
  const differing = new Set(conflicts.map((conflict) => conflict.in));
  const rules = compared
    .filter(({ name }) => differing.has(name))
    .map(({ name, conflicts: rules }) => say`${code(name)}: ${rulesInOrder(rules, ink)}`);
  const apart =
    all > conflicts.length
      ? say`${counted(all, 'difference')}, of which ${(all - conflicts.length).toLocaleString('en-US')} lie apart. Of the others: `
      : say``;
  return say`${apart}${tally(conflicts, ink)} Rules, in the order the plan gives them: ${joined(rules, '; ')}.${agreed(answer)}${collided(answer)}`;
}

/** ` 2 files were changed in ways that do not merge: what became of them stands under Files.` */
function collided({ files }: Answer): string {
  const n = files?.collisions.length ?? 0;
  if (n === 0) return '';
  return ` ${counted(n, 'file')} ${n === 1 ? 'was' : 'were'} changed in ways that do not merge: what became of ${n === 1 ? 'it' : 'them'} stands under Files.`;
}

/** ` Sources agree on 36 of the 40 fields that two or more of them spoke of.` */
function agreed({ agreement = {} }: Answer): string {
  const { compared, agreed } = agreementOf(Object.values(agreement));
  if (compared === 0) return '';
  return ` Sources agree on ${agreed.toLocaleString('en-US')} of the ${counted(compared, 'field')} that two or more of them spoke of.`;
}

/** How many differences were decided, by which rules, and how many were not. */
function tally<T>(conflicts: readonly Conflict[], { say, prose, joined }: Ink<T>): T {
  const decided = new Map<string, number>();
  for (const { kept, rule } of conflicts)
    if (kept !== undefined && rule) decided.set(rule, (decided.get(rule) ?? 0) + 1);
  const open = conflicts.filter(({ kept }) => kept === undefined);
  const failed = open.filter(({ rule }) => rule === 'fail').length;
  const both = open.length - failed;
  const by = [...decided].map(([rule, n]) => say`${prose(rule)} ${n}`);
  const parts: T[] = [];
  if (open.length < conflicts.length)
    parts.push(say`${counted(conflicts.length - open.length, 'difference')} decided (${joined(by, ', ')})`);
  if (both > 0) parts.push(say`${counted(both, 'difference')} kept both ways`);
  if (failed > 0) parts.push(say`${counted(failed, 'difference')} that nobody may decide`);
  return say`${joined(parts, ', ')}.`;
}

/** What sources differ on: an item by its key fields, or the one thing that a collection is. */
export const subjectOf = <T>({ in: collection, item }: Conflict, { itemName, code }: Ink<T>): T =>
  Object.keys(item).length > 0 ? itemName(item) : code(collection);

/** Where they differ on it. */
export const differing = <T>({ field }: Conflict, { say, code }: Ink<T>): T =>
  field === '' ? say`sources differ` : say`sources differ on ${code(field)}`;

/** Which rule decided, and by what; how many it would have taken, where they were too few; what a judge said. */
export function decision<T>(conflict: Conflict, ink: Ink<T>): T {
  const { say, prose } = ink;
  const { quorum, judge } = conflict;
  const short = quorum && ` The plan wants ${quorum.asked} to say the same, and at most ${quorum.most} did.`;
  const said = judge === undefined ? say`` : say` The judge: ${prose(judge)}`;
  return say`${decided(conflict, ink)}${short ?? ''}${said}`;
}

function decided<T>({ rule, kept, values }: Conflict, { say, em, prose, code }: Ink<T>): T {
  if (rule === undefined) return say`No rule of the plan decided, so every value is kept.`;
  const named = say`Rule ${em(prose(rule))}`;
  if (rule === 'fail')
    return say`${named}: nothing may decide this, so every value is kept and the answer is not complete.`;
  if (kept === undefined) return say`${named}: every value is kept.`;
  const [kind = ''] = rule.split(' ');
  if (kind === 'prefer') return say`${named} decided: that source goes before the others.`;
  if (kind === 'role') return say`${named} decided: that role goes before the others.`;
  if (kind === 'judge') return say`${named} decided: a model chose it, in whichever order the values stood.`;
  const extreme = EXTREMES.get(kind);
  if (extreme)
    return say`${named} decided: of those who said something else, none has a ${extreme} ${code(rule.slice(kind.length + 1))}.`;
  const voices = values.reduce((sum, { by }) => sum + by.length, 0);
  const most = Math.max(...values.map(({ by }) => by.length));
  return say`${named} decided: ${most} of ${voices} said so.`;
}

const EXTREMES: ReadonlyMap<string, string> = new Map([
  ['highest', 'higher'],
  ['lowest', 'lower'],
  ['newest', 'later'],
  ['oldest', 'earlier'],
]);

/** `stands`: it is kept, and the others are not. */
export function fates(conflict: Conflict): (said: Said) => 'stands' | 'kept' | 'lost' {
  const isLost = losers(conflict);
  return (said) => (conflict.kept === undefined ? 'kept' : isLost(said) ? 'lost' : 'stands');
}
