import type { Rule } from '../../plan/integration.js';
import type { Plan } from '../../plan/plan.js';
import type { Conflict, Said } from '../merge.js';
import type { Report } from '../report.js';
import { losers, ruleText } from '../rules.js';
import { counted } from '../words.js';
import { code, prose } from './escape.js';
import { capped, table } from './tables.js';
import { itemName, shown } from './values.js';

const CONFLICTS = 50;
const DUPLICATES = 50;

/** Every value, who said it, which rule decided and why, and what lost. */
export function disagreements({ answer }: Report, { integrate }: Plan): string[] {
  const { conflicts } = answer;
  const compared = integrate.merge.filter(({ key }) => key.length > 0);
  const differing = new Set(conflicts.map((conflict) => conflict.in));
  if (compared.length === 0)
    return ['Nothing was compared: the plan names no key by which two sources speak of the same item.'];
  if (conflicts.length === 0) return ['Nowhere: no two sources said different things of the same item.'];
  const { shown: some, rest } = capped(conflicts, CONFLICTS, 'answer.conflicts');
  const rules = compared
    .filter(({ name }) => differing.has(name))
    .map(({ name, conflicts: rules }) => `${code(name)}: ${inOrder(rules)}`);
  return [
    `${tally(conflicts)} Rules, in the order the plan gives them: ${rules.join('; ')}.`,
    '',
    ...some.flatMap(conflictLines),
    ...rest,
  ];
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
    `- ${itemName(conflict.item)}: sources differ on ${code(conflict.field)}. ${why(conflict)}`,
    ...conflict.values.map(
      (said) =>
        `  - ${shown(said.value) || '(empty)'}, said by ${said.by.map(code).join(', ')}: ${fate(said)}`,
    ),
  ];
}

function why({ rule, kept, values }: Conflict): string {
  if (rule === undefined) return 'No rule of the plan decided, so every value is kept.';
  if (kept === undefined) return `Rule *${prose(rule)}*: every value is kept.`;
  if (rule !== 'majority') return `Rule *${prose(rule)}* decided: that source goes before the others.`;
  const voices = values.reduce((sum, { by }) => sum + by.length, 0);
  const most = Math.max(...values.map(({ by }) => by.length));
  return `Rule *majority* decided: ${most} of ${voices} said so.`;
}

/** What was removed because it had been said already. */
export function repetitions({ answer }: Report): string[] {
  if (answer.duplicates.length === 0) return ['Nothing.'];
  const { shown: some, rest } = capped(answer.duplicates, DUPLICATES, 'answer.duplicates');
  const rows = some.map(({ in: name, item, by }) => [code(name), itemName(item), voices(by)]);
  return [
    `${counted(answer.duplicates.length, 'item')} said more than once in the same words; each is in the answer once.`,
    '',
    ...table(['Of', 'Item', 'Said by'], rows),
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
