import type { RunReport } from '../client.js';
import { csvOf } from '../core/integrate/csv.js';
import type { Table } from '../core/integrate/table.js';
import { Failure } from '../core/outcome/failure.js';
import type { Session } from './context.js';

/** In which a report goes to standard output. */
export const FORMATS = ['json', 'md', 'html', 'csv'] as const;
export type Format = (typeof FORMATS)[number];

export interface FormatOptions {
  readonly format?: Format;
  /** Of `csv`: the name of the table, where there are several. */
  readonly table?: string;
  /** Of `csv`: with a column of those who said the item. */
  readonly from?: boolean;
}

/** Who names a table wants it as CSV. */
export const formatOf = ({ format, table, from }: FormatOptions): Format | undefined =>
  format ?? (table !== undefined || from ? 'csv' : undefined);

/** @throws Failure `InvalidInput` where there is no such table, or it is not clear which is meant */
export async function inFormat(
  format: Format,
  stored: RunReport,
  { table, from }: FormatOptions,
  { muster }: Pick<Session, 'muster'>,
): Promise<string> {
  if (format !== 'csv' && (table !== undefined || from))
    throw new Failure('InvalidInput', '`--table` and `--from` speak of tables. Say --format csv.');
  switch (format) {
    case 'json':
      return stored.json;
    case 'md':
      return stored.markdown;
    case 'html':
      return stored.html ?? noPage(stored);
    case 'csv':
      return csvOf(chosen(await muster.tables(stored, { from: from === true }), table));
  }
}

function noPage({ entry: { id } }: RunReport): never {
  throw new Failure(
    'InvalidInput',
    `The report of ${id} was stored before Muster made report.html. Read it as text: muster result ${id} --format md`,
  );
}

function chosen(tables: readonly Table[], name: string | undefined): Table {
  const [first, ...others] = tables;
  if (!first) throw new Failure('InvalidInput', 'The answer holds no data, so there is no table.');
  if (name === undefined && others.length === 0) return first;
  const found = tables.find((table) => table.name === name);
  if (found) return found;
  const names = tables.map((table) => table.name).join(', ');
  throw new Failure(
    'InvalidInput',
    name === undefined
      ? `The answer has ${tables.length} tables: ${names}. Name one: --table ${first.name}`
      : `The answer has no table \`${name}\`. It has: ${names}.`,
  );
}
