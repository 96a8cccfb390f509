import { isObject, type Json } from '../outcome/canonical.js';
import { GIVING } from '../outcome/outcome.js';
import type { Merge } from '../plan/integration.js';
import type { Plan } from '../plan/plan.js';
import { labelOf } from './expected.js';
import { itemsOf } from './merge/items.js';
import type { Answer } from './report.js';

/** A part of the merged data as rows and columns. */
export interface Table {
  /** Of the collection; nothing merged: of the brief. */
  readonly name: string;
  readonly columns: readonly string[];
  /** A cell for each column; undefined where the item has no such field. */
  readonly rows: readonly (readonly (Json | undefined)[])[];
}

/** The column that names who said an item; with more underscores where items have a field of that name. */
const FROM = '_from';
/** The column of items that are no maps. */
const VALUE = 'value';

/**
 * A table for each part of the merged data, in their order. Each item is a row, in order, those of groups one group after
 * the other; columns are the key fields, then the others as they are first seen.
 * @param plan that the report was made by
 * @param how `from`: with a column of the labels of those who said the item
 */
export const tablesOf = (
  { data, provenance, ledger }: Answer,
  plan: Plan,
  { from = false }: { readonly from?: boolean } = {},
): readonly Table[] => {
  const merges = new Map(plan.integrate.merge.map((entry) => [entry.name, entry]));
  return Object.entries(data).map(([name, value]) => {
    const merge = merges.get(name);
    const items = itemsIn(value, merge);
    const table = tableOf(name, items, merge?.key ?? []);
    if (!from) return table;
    return withSources(table, merge ? (provenance.items[name] ?? []) : labelsOf(name, ledger));
  });
};

const itemsIn = (value: Json, merge: Merge | undefined): readonly Json[] => {
  if (merge) return itemsOf(merge, value);
  return Array.isArray(value) ? (value as readonly Json[]) : [value];
};

function tableOf(name: string, items: readonly Json[], key: readonly string[]): Table {
  const said = new Set(items.flatMap((item) => (isObject(item) ? Object.keys(item) : [])));
  const fields = [...new Set([...key.filter((field) => said.has(field)), ...said])];
  const alone = items.some((item) => !isObject(item)) ? [free(VALUE, said)] : [];
  return {
    name,
    columns: [...alone, ...fields],
    rows: items.map((item) => {
      const cells = fields.map((field) =>
        isObject(item) && Object.hasOwn(item, field) ? item[field] : undefined,
      );
      return [...alone.map(() => (isObject(item) ? undefined : item)), ...cells];
    }),
  };
}

function withSources({ name, columns, rows }: Table, sources: readonly (readonly string[])[]): Table {
  // What one brief said as a list, it said all of.
  const of = (n: number) => sources[n] ?? (sources.length === 1 ? sources[0] : undefined);
  return {
    name,
    columns: [...columns, free(FROM, new Set(columns))],
    rows: rows.map((cells, n) => [...cells, of(n)]),
  };
}

/** Of a brief whose outputs were not merged: its instances in order, or it alone. */
const labelsOf = (id: string, ledger: Answer['ledger']): readonly (readonly string[])[] =>
  ledger
    .filter(({ brief, digest, status }) => brief === id && digest !== undefined && GIVING.has(status))
    .map((row) => [labelOf(row)]);

const free = (name: string, taken: ReadonlySet<string>): string =>
  taken.has(name) ? free(`_${name}`, taken) : name;
