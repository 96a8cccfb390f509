import { isObject, type Json, type JsonObject } from '../../outcome/canonical.js';
import type { Plan } from '../../plan/plan.js';
import { labelOf } from '../expected.js';
import type { Facts } from '../facts.js';
import type { Report } from '../report.js';
import { undecided } from '../verdict.js';
import { counted, tallyOf } from '../words.js';
import { code, prose, quote } from './escape.js';
import { capped, some, table } from './tables.js';
import { shown } from './values.js';

const ITEMS = 50;
/** Values of one field that are counted. */
const KINDS = 8;
const COLUMNS = 8;
const LINES = 60;

/** The original brief, the verdict in a sentence, and the merged data. */
export function answerSection({ answer, run }: Report, plan: Plan): string[] {
  const collections = Object.entries(answer.data);
  return [
    ...quote(answer.brief.trimEnd()),
    '',
    verdict({ answer, run } as Report),
    ...simulation(run),
    ...collections.flatMap(([name, value]) => ['', ...collection(name, value, plan)]),
    ...(collections.length === 0 ? ['', 'There is nothing to show: no brief delivered anything.'] : []),
  ];
}

const MEANS = {
  complete: 'everything that was asked for and can be checked is here',
  partial: 'there is an answer, and something of it is missing or not as asked',
  failed: 'there is no answer that could be used, or a failure stopped the run',
  cancelled: 'the run was cancelled; this is what there was by then',
} as const;

function verdict({ answer, run }: Report): string {
  const unmet = answer.requirements.filter(({ status }) => status === 'missing' || status === 'contradicted');
  const details = [
    unmet.length > 0 && `${unmet.length} of ${counted(answer.requirements.length, 'requirement')} not met`,
    answer.missing.length > 0 &&
      `${counted(answer.missing.length, 'hole')} among ${counted(answer.ledger.length, 'brief')}: ${some(answer.missing.map(labelOf))}`,
    undecided(answer) > 0 && `${counted(undecided(answer), 'difference')} that the plan lets nobody decide`,
    answer.verified?.holds === false && 'verification does not hold',
  ].filter((detail) => detail !== false);
  return `**${capital(run.status)}**: ${MEANS[run.status]}${details.length > 0 ? ` (${details.join('; ')})` : ''}.`;
}

/** Said before anything that was answered so. */
function simulation({ models = [] }: Facts): string[] {
  const simulated = models.filter((one) => one.simulated);
  if (simulated.length === 0) return [];
  const briefs = (all: typeof models) => all.reduce((sum, one) => sum + one.briefs, 0);
  const share = `${briefs(simulated)} of the ${counted(briefs(models), 'brief')} that asked a model`;
  return [
    '',
    `**Simulated**: ${share} got the answer of a stand-in: ${some(simulated.map(({ model }) => model))}.`,
  ];
}

const capital = (word: string): string => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;

function collection(name: string, value: Json, plan: Plan): string[] {
  const where = `answer.data.${name}`;
  const merge = plan.integrate.merge.find((entry) => entry.name === name);
  const heading = Array.isArray(value)
    ? `### ${prose(name)}: ${counted(value.length, 'item')}`
    : `### ${prose(name)}`;
  return [heading, '', ...body(value, where, merge?.key ?? [])];
}

function body(value: Json, where: string, key: readonly string[]): readonly string[] {
  if (Array.isArray(value)) return list(value, where, key);
  if (typeof value === 'string') return text(value, where);
  if (!isObject(value)) return [shown(value) || 'Nothing.'];
  const { shown: entries, rest } = capped(Object.entries(value), ITEMS, where);
  return [...entries.flatMap(([field, member]) => entry(field, member, `${where}.${field}`)), ...rest];
}

/** Of a brief's output as it is: a list among its fields shows as a table of its own. */
function entry(field: string, value: Json, where: string): readonly string[] {
  const objects = Array.isArray(value) && value.length > 0 && value.every(isObject);
  return objects
    ? ['', `**${prose(field)}**: ${counted(value.length, 'item')}`, '', ...list(value, where, []), '']
    : [`- **${prose(field)}**: ${shown(value) || '(empty)'}`];
}

function list(items: readonly Json[], where: string, key: readonly string[]): readonly string[] {
  if (items.length === 0) return ['No items.'];
  const { shown: first, rest } = capped(items, ITEMS, where);
  if (!items.every(isObject)) return [...first.map((item, n) => `${n + 1}. ${shown(item)}`), ...rest];
  const fields = [...new Set([...key, ...first.flatMap((item) => Object.keys(item as JsonObject))])];
  const columns = fields.slice(0, COLUMNS);
  const rows = first.map((item, n) => [
    `${n + 1}`,
    ...columns.map((field) => shown((item as JsonObject)[field])),
  ]);
  const hidden = fields.slice(COLUMNS);
  return [
    ...(rest.length > 0 ? kinds(items, columns) : []),
    ...table(['#', ...columns.map(prose)], rows),
    ...(hidden.length > 0
      ? ['', `Not shown, but in \`report.json\`: ${hidden.slice(0, 20).map(code).join(', ')}.`]
      : []),
    ...rest,
  ];
}

/** Of a list too long to show, how many items have which value, for each field that has few: what one would count first. */
function kinds(items: readonly JsonObject[], fields: readonly string[]): readonly string[] {
  const lines = fields.flatMap((field) => {
    const values = items.map((item) => item[field]);
    if (values.some((value) => typeof value === 'object' && value !== null)) return [];
    const counts = tallyOf(values.map(shown));
    if (counts.size < 2 || counts.size > KINDS) return [];
    return [`- ${prose(field)}: ${[...counts].map(([value, n]) => `${value || 'none'} ${n}`).join(' · ')}`];
  });
  return lines.length > 0 ? [...lines, ''] : [];
}

function text(value: string, where: string): readonly string[] {
  const { shown: lines, rest } = capped(quote(value.trimEnd()), LINES, where);
  return [...lines, ...rest.map((line) => line.replace(' more in', ' more lines in'))];
}
