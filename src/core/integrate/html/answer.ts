import { isObject, type Json } from '../../outcome/canonical.js';
import type { Merge } from '../../plan/integration.js';
import type { Plan } from '../../plan/plan.js';
import { readKeptBoth } from '../merge/fields.js';
import { isOneThing, itemsOf } from '../merge/items.js';
import type { Report } from '../report.js';
import { groupsIn, sizeOf } from '../wording/groups.js';
import { notReduced } from '../wording/verdict.js';
import { counted, inWords } from '../words.js';
import { doubtsOf } from './doubts.js';
import type { PageInk } from './ink.js';
import { ITEMS, list, type Shown } from './items.js';
import { type Html, html } from './markup.js';
import { phrased } from './phrased.js';
import { first } from './tables.js';
import { alone } from './values.js';
import { voicesOf } from './voices.js';

/** The merged data, and who said each item. */
export function answerSection({ answer }: Report, { integrate }: Plan, ink: PageInk): Html {
  const collections = Object.entries(answer.data);
  const doubts = doubtsOf(answer, ink);
  const before = html`${notReduced(answer, ink).map(
    (one) => html`<p>${one}</p>
`,
  )}${answer.prose && phrased(answer.prose, ink)}`;
  if (collections.length === 0)
    return html`${before}<p>There is nothing to show: no brief delivered anything.</p>`;
  return html`${before}${collections.map(([name, value]) => {
    const entry = integrate.merge.find((one) => one.name === name);
    const by = answer.provenance.items[name] ?? [];
    // Where nothing is merged, each brief's output stands under its own name.
    const title = integrate.merge.length === 0 ? ink.brief(name) : ink.prose(name);
    const size = sizeOf(name, answer, entry);
    const given = { value, name, where: `answer.data.${name}`, key: entry?.key ?? [], by, doubts };
    return html`<h3>${title}${size && html` <span class="count">${size}</span>`}</h3>
${collection(given, entry, ink)}`;
  })}`;
}

function collection(given: Shown, entry: Merge | undefined, ink: PageInk): Html {
  const { value, by, where, doubts } = given;
  if (entry?.group && Array.isArray(value)) return grouped({ ...given, value }, entry, ink);
  if (by.length > 0 && !(entry && isOneThing(entry))) return body(given, ink);
  // Who said it, and what is not found, is told of all of it.
  return html`${body({ ...given, by: [] }, ink)}${by[0] && html`<div class="by">said by ${voicesOf(by[0], ink)}</div>`}${doubts(where)}`;
}

/** Items that stand together, each group under what its items have in common; they are numbered through. */
function grouped(given: Shown<readonly Json[]>, entry: Merge, ink: PageInk): Html {
  const { value, name, where, by } = given;
  const all = itemsOf(entry, value);
  if (all.length === 0) return html`<p>No items.</p>`;
  const { rest } = first(all, ITEMS, where, ink);
  const groups = groupsIn(value, ITEMS).map(({ common, items, size, before }, n) => {
    const title = `${name}: ${Object.values(common).map(inWords).join(', ')}`;
    const place = { name: title, where: `${where}[${n}].items`, before };
    const some = { ...given, ...place, value: items, by: by.slice(before) };
    return html`<h4>${ink.itemName(common)} <span class="count">${counted(size, 'item')}</span></h4>
${list(some, ink)}`;
  });
  return html`${groups}${rest}`;
}

function body(given: Shown, ink: PageInk): Html {
  const { value, where } = given;
  if (Array.isArray(value)) return list({ ...given, value }, ink);
  if (!isObject(value) || readKeptBoth(value))
    return html`<div>${alone(value, where, ink, 'Nothing.')}</div>`;
  const { shown, rest } = first(Object.entries(value), ITEMS, where, ink);
  return html`<dl>${shown.map(([field, member]) => entryOf(field, member, given, ink))}</dl>${rest}`;
}

/** Of a brief's output as it is: a list among its fields shows as a table of its own. */
function entryOf(field: string, value: Json, { where: within, doubts }: Shown, ink: PageInk): Html {
  const where = `${within}.${field}`;
  const objects = Array.isArray(value) && value.length > 0 && value.every(isObject);
  const said = objects
    ? list({ value, name: field, where, key: [], by: [], doubts }, ink)
    : alone(value, where, ink, '(empty)');
  return html`<dt>${ink.prose(field)}</dt><dd>${said}</dd>
`;
}
