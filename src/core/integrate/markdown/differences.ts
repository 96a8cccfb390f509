import type { Merge, Rule } from '../../plan/integration.js';
import type { Plan } from '../../plan/plan.js';
import { agreementOf } from '../merge/agreement.js';
import type { Conflict, Dropped, Duplicate, Said } from '../merge/merged.js';
import type { Report } from '../report.js';
import { losers, ruleText } from '../rules.js';
import { counted } from '../words.js';
import { code, prose } from './escape.js';
import { capped, table } from './tables.js';
import { itemName, nameIn, shown } from './values.js';

const CONFLICTS = 50;
const DUPLICATES = 50;

/** Every value, who said it, which rule decided and why, and what lost. */
export function disagreements({ answer }: Report, { integrate }: Plan): string[] {
  const { conflicts } = answer;
  const compared = integrate.merge.filter(({ key, deep }) => key.length > 0 || deep);
  const differing = new Set(conflicts.map((conflict) => conflict.in));
  if (compared.length === 0)
    return ['Nothing was compared: the plan names no key by which two sources speak of the same item.'];
  const agreed = agreement(answer);
  if (conflicts.length === 0)
    return [`Nowhere: no two sources said different things of the same item.${agreed}`];
  const { shown: some, rest } = capped(conflicts, CONFLICTS, 'answer.conflicts');
  const rules = compared
    .filter(({ name }) => differing.has(name))
    .map(({ name, conflicts: rules }) => `${code(name)}: ${inOrder(rules)}`);
  return [
    `${tally(conflicts)} Rules, in the order the plan gives them: ${rules.join('; ')}.${agreed}`,
    '',
    ...some.flatMap(conflictLines),
    ...rest,
  ];
}

/** ` Sources agree on 36 of the 40 fields that two or more of them spoke of.` */
function agreement({ agreement = {} }: Report['answer']): string {
  const { compared, agreed } = agreementOf(Object.values(agreement));
  if (compared === 0) return '';
  return ` Sources agree on ${agreed} of the ${counted(compared, 'field')} that two or more of them spoke of.`;
}

const inOrder = (rules: readonly Rule[]): string =>
  rules.map((rule) => `*${prose(ruleText(rule))}*`).join(', then ') || 'none, so every value is kept';

function tally(conflicts: readonly Conflict[]): string {
  const decided = new Map<string, number>();
  for (const { kept, rule } of conflicts)
    if (kept !== undefined && rule) decided.set(rule, (decided.get(rule) ?? 0) + 1);
  const both = conflicts.filter(({ kept }) => kept === undefined).length;
  const by = [...decided].map(([rule, n]) => `${prose(rule)} ${n}`).join(', ');
  const parts = [
    both < conflicts.length && `${counted(conflicts.length - both, 'difference')} decided (${by})`,
    both > 0 && `${counted(both, 'difference')} kept both ways`,
  ];
  return `${parts.filter(Boolean).join(', ')}.`;
}

function conflictLines(conflict: Conflict): string[] {
  const isLost = losers(conflict);
  const fate = (said: Said): string =>
    conflict.kept === undefined ? 'kept' : isLost(said) ? 'lost' : '**kept**';
  return [
    `- ${placeOf(conflict)}. ${why(conflict)}`,
    ...conflict.values.map(
      (said) =>
        `  - ${shown(said.value) || '(empty)'}, said by ${said.by.map(code).join(', ')}: ${fate(said)}`,
    ),
  ];
}

function placeOf({ in: collection, item, field }: Conflict): string {
  const of = Object.keys(item).length > 0 ? itemName(item) : code(collection);
  return `${of}: sources differ${field === '' ? '' : ` on ${code(field)}`}`;
}

function why(conflict: Conflict): string {
  const { quorum } = conflict;
  const short = quorum
    ? ` The plan wants ${quorum.asked} to say the same, and at most ${quorum.most} did.`
    : '';
  return `${decision(conflict)}${short}`;
}

function decision({ rule, kept, values }: Conflict): string {
  if (rule === undefined) return 'No rule of the plan decided, so every value is kept.';
  if (rule === 'fail')
    return 'Rule *fail*: nothing may decide this, so every value is kept and the answer is not complete.';
  if (kept === undefined) return `Rule *${prose(rule)}*: every value is kept.`;
  const [kind = ''] = rule.split(' ');
  const extreme = EXTREMES[kind];
  if (extreme)
    return `Rule *${prose(rule)}* decided: of those who said something else, none has a ${extreme} ${code(rule.slice(kind.length + 1))}.`;
  if (kind === 'prefer') return `Rule *${prose(rule)}* decided: that source goes before the others.`;
  const voices = values.reduce((sum, { by }) => sum + by.length, 0);
  const most = Math.max(...values.map(({ by }) => by.length));
  return `Rule *${prose(rule)}* decided: ${most} of ${voices} said so.`;
}

const EXTREMES: { readonly [kind: string]: string } = {
  highest: 'higher',
  lowest: 'lower',
  newest: 'later',
  oldest: 'earlier',
};

/** What was removed because it had been said already. */
export function repetitions({ answer }: Report, { integrate }: Plan): string[] {
  const { duplicates, dropped = [] } = answer;
  if (duplicates.length + dropped.length === 0) return ['Nothing.'];
  const { shown: some, rest } = capped(duplicates, DUPLICATES, 'answer.duplicates');
  const rows = some.map(({ in: name, item, by }) => [code(name), itemName(item), voices(by)]);
  const near = duplicates.some((one) => one.near) ? ' or nearly' : '';
  return [
    ...(duplicates.length > 0
      ? [
          `${counted(duplicates.length, 'item')} said more than once in the same words${near}; each is in the answer once.`,
          '',
          ...table(['Of', 'Item', 'Said by'], rows),
          ...rest,
          ...inOtherWords(some),
        ]
      : []),
    ...leftOut(dropped, integrate.merge),
  ];
}

/** What was removed though its words differ, each below what stands for it. */
function inOtherWords(duplicates: readonly Duplicate[]): string[] {
  const near = duplicates.filter((one) => one.near);
  if (near.length === 0) return [];
  return [
    '',
    'In other words:',
    '',
    ...near.flatMap(({ item, near: others = [] }) => [
      `- ${itemName(item)}`,
      ...others.map(
        ({ value, by, alike }) =>
          `  - ${shown(value)}, said by ${code(by)}: ${Math.round(100 * alike)} % alike`,
      ),
    ]),
  ];
}

/** What the plan wants no more of. */
function leftOut(dropped: readonly Dropped[], merges: readonly Merge[]): string[] {
  if (dropped.length === 0) return [];
  const { shown: some, rest } = capped(dropped, DUPLICATES, 'answer.dropped');
  const keyOf = (name: string) => merges.find((one) => one.name === name)?.key ?? [];
  return [
    '',
    `${counted(dropped.length, 'item')} left out, because the plan wants only so many:`,
    '',
    ...table(
      ['Of', 'Item', 'Said by'],
      some.map(({ in: name, item, by }) => [code(name), itemName(nameIn(item, keyOf(name))), voices(by)]),
    ),
    ...rest,
  ];
}

/** `a` twice, `b`. */
function voices(by: readonly string[]): string {
  const times = new Map<string, number>();
  for (const label of by) times.set(label, (times.get(label) ?? 0) + 1);
  return [...times]
    .slice(0, 10)
    .map(([label, n]) => `${code(label)}${n > 1 ? ` ${n} times` : ''}`)
    .join(', ');
}
