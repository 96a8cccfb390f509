import { isObject, type Json, type JsonObject } from '../../outcome/canonical.js';
import type { Merge } from '../../plan/integration.js';
import type { Plan } from '../../plan/plan.js';
import { readKeptBoth } from '../merge/fields.js';
import { itemsOf } from '../merge/items.js';
import type { Report } from '../report.js';
import { liesApart } from '../wording/apart.js';
import { groupsIn, sizeOf } from '../wording/groups.js';
import { fieldsOf, kindsOf } from '../wording/kinds.js';
import { capital, notReduced, simulation, verdict } from '../wording/verdict.js';
import { counted } from '../words.js';
import { code, prose, quote } from './escape.js';
import { INK } from './ink.js';
import { phrased } from './phrased.js';
import { capped, table } from './tables.js';

const ITEMS = 50;
const COLUMNS = 8;
const LINES = 60;
const { itemName, shown } = INK;

/** The original brief, the verdict in a sentence, and the merged data. */
export function answerSection(report: Report, plan: Plan): string[] {
  const { answer, run } = report;
  const collections = Object.entries(answer.data);
  return [
    ...quote(answer.brief.trimEnd()),
    '',
    `**${capital(run.status)}**: ${verdict(report, INK)}`,
    ...[simulation(run, INK) ?? [], notReduced(answer, INK), liesApart(report, INK) ?? []]
      .flat()
      .flatMap((one) => ['', one]),
    ...(answer.prose ? phrased(answer.prose) : []),
    ...collections.flatMap(([name, value]) => ['', ...collection(name, value, report, plan)]),
    ...(collections.length === 0 ? ['', 'There is nothing to show: no brief delivered anything.'] : []),
  ];
}

function collection(name: string, value: Json, { answer }: Report, plan: Plan): string[] {
  const where = `answer.data.${name}`;
  const entry = plan.integrate.merge.find((one) => one.name === name);
  const size = sizeOf(name, answer, entry);
  const heading = `### ${prose(name)}${size === undefined ? '' : `: ${size}`}`;
  const said =
    entry?.group && Array.isArray(value)
      ? grouped(value, where, entry)
      : body(value, where, entry?.key ?? []);
  return [heading, '', ...said];
}

function grouped(value: readonly Json[], where: string, entry: Merge): readonly string[] {
  const { rest } = capped(itemsOf(entry, value), ITEMS, where);
  const groups = groupsIn(value, ITEMS).flatMap(({ common, items, size, before }) => [
    `**${itemName(common)}**: ${counted(size, 'item')}`,
    '',
    ...list(items, where, entry.key, before),
    '',
  ]);
  return [...(groups.length > 0 ? groups.slice(0, -1) : ['No items.']), ...rest];
}

function body(value: Json, where: string, key: readonly string[]): readonly string[] {
  if (Array.isArray(value)) return list(value, where, key);
  if (typeof value === 'string') return text(value, where);
  if (!isObject(value) || readKeptBoth(value)) return [shown(value) || 'Nothing.'];
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

/** @param before items that are numbered before these */
function list(items: readonly Json[], where: string, key: readonly string[], before = 0): readonly string[] {
  if (items.length === 0) return ['No items.'];
  if (items.every(isObject)) return objects(items, where, key, before);
  const { shown: first, rest } = capped(items, ITEMS, where);
  return [...first.map((item, n) => `${before + n + 1}. ${shown(item)}`), ...rest];
}

function objects(
  items: readonly JsonObject[],
  where: string,
  key: readonly string[],
  before: number,
): readonly string[] {
  const { shown: first, rest } = capped(items, ITEMS, where);
  const fields = fieldsOf(first, key);
  const columns = fields.slice(0, COLUMNS);
  const rows = first.map((item, n) => [`${before + n + 1}`, ...columns.map((field) => shown(item[field]))]);
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

/** Of a list too long to show, what one would count first. */
function kinds(items: readonly JsonObject[], fields: readonly string[]): readonly string[] {
  const lines = kindsOf(items, fields, INK).map(
    ({ field, counts }) => `- ${prose(field)}: ${counts.map(({ value, n }) => `${value} ${n}`).join(' · ')}`,
  );
  return lines.length > 0 ? [...lines, ''] : [];
}

function text(value: string, where: string): readonly string[] {
  const { shown: lines, rest } = capped(quote(value.trimEnd()), LINES, where);
  return [...lines, ...rest.map((line) => line.replace(' more in', ' more lines in'))];
}
