import { isObject, type Json, type JsonObject } from '../../outcome/canonical.js';
import { fieldsOf, kindsOf } from '../wording/kinds.js';
import type { Doubts } from './doubts.js';
import type { PageInk } from './ink.js';
import { type Html, html, type Part } from './markup.js';
import { type Column, first, table } from './tables.js';
import { alone } from './values.js';
import { voicesOf } from './voices.js';

/** Of one list. */
export const ITEMS = 50;
const COLUMNS = 8;
/** Characters from which on a text wants room. */
const SENTENCE = 24;

export interface Shown<T extends Json = Json> {
  readonly value: T;
  /** As a person calls it. */
  readonly name: string;
  /** In `report.json`. */
  readonly where: string;
  readonly key: readonly string[];
  /** Of each item, the labels of the briefs that said it; none where that is not known. */
  readonly by: readonly (readonly string[])[];
  /** Items that are numbered before these. */
  readonly before?: number;
  readonly doubts: Doubts;
}

export function list(given: Shown<readonly Json[]>, ink: PageInk): Html {
  const { value, where, by, before = 0, doubts } = given;
  if (value.length === 0) return html`<p>No items.</p>`;
  if (value.every(isObject)) return objects({ ...given, value }, ink);
  const { shown, rest } = first(value, ITEMS, where, ink);
  const said = shown.map(
    (item, n) =>
      html`${alone(item, `${where}[${n}]`, ink, '(empty)')}${by.length > 0 && html`<div class="by">said by ${voicesOf(by[n] ?? [], ink)}</div>${doubts(`${where}[${n}]`)}`}`,
  );
  return value.length === 1 && given.before === undefined
    ? html`<div>${said}</div>`
    : html`<ol start="${before + 1}">${said.map(
        (item) => html`<li>${item}</li>
`,
      )}</ol>${rest}`;
}

/** A table, its columns the fields that come first; the key before all. */
function objects(given: Shown<readonly JsonObject[]>, ink: PageInk): Html {
  const { value, name, where, key, by, before = 0, doubts } = given;
  const { shown, rest } = first(value, ITEMS, where, ink);
  const fields = fieldsOf(shown, key);
  const columns = fields.slice(0, COLUMNS);
  const hidden = fields.slice(COLUMNS, COLUMNS + 20).map(ink.code);
  const heads: readonly Column[] = [
    { head: '#', kind: 'figures' },
    ...columns.map((head) => ({ head, kind: kindOf(shown.map((item) => item[head])) })),
    ...(by.length > 0 ? [{ head: 'Said by' }] : []),
  ];
  const rows = shown.map((item, n): Part[] => [
    before + n + 1,
    ...columns.map((field) => ink.shown(item[field])),
    ...(by.length > 0 ? [html`${voicesOf(by[n] ?? [], ink)}${doubts(`${where}[${n}]`)}`] : []),
  ]);
  const more = html`<p class="rest">Not shown, but in ${ink.code('report.json')}: ${ink.joined(hidden, ', ')}.</p>`;
  return html`${rest && kinds(value, columns, ink)}${table(name, heads, rows)}${hidden.length > 0 && more}${rest}`;
}

function kindOf(values: readonly (Json | undefined)[]): Column['kind'] {
  if (values.every((value) => (value ?? undefined) === undefined || typeof value === 'number'))
    return 'figures';
  return values.some((value) => typeof value === 'string' && value.length > SENTENCE) ? 'words' : undefined;
}

/** Of a list too long to show, what one would count first. */
function kinds(items: readonly JsonObject[], fields: readonly string[], ink: PageInk): Html {
  const all = kindsOf(items, fields, ink);
  if (all.length === 0) return html``;
  const line = ({ field, counts }: (typeof all)[number]) =>
    html`<li>${ink.prose(field)}: ${ink.joined(
      counts.map(({ value, n }) => html`${value} <b>${n.toLocaleString('en-US')}</b>`),
      ' · ',
    )}</li>`;
  return html`<ul class="kinds">${all.map(line)}</ul>
`;
}
