/** A part of a text that is read in one way. */
export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly text: string }
  | { readonly kind: 'prose'; readonly text: string }
  | { readonly kind: 'item'; readonly text: string }
  /** Fields of one thing, or one row of a table under its header. */
  | { readonly kind: 'record'; readonly entries: readonly (readonly [key: string, value: string])[] };

const HEADING = /^(#{1,6})\s+(.*)$/;
const ITEM = /^\s*(?:[-*+•]|\d{1,3}[.)])\s+(?=\S)/;
const FIELD = /^\s*\**(\p{L}[^:|.!?"“]{0,40}?)\**:\**\s+(\S.{0,80})$/u;

/** Headings, tables (with bars, tabs or commas), lists, fields and running text, in order. */
export function blocksOf(text: string): Block[] {
  const lines = text.split(/\r?\n/);
  const blocks: Block[] = [];
  let fields: [string, string][] = [];
  let prose: string[] = [];
  const close = () => {
    if (fields.length > 0) blocks.push({ kind: 'record', entries: fields });
    if (prose.length > 0) blocks.push({ kind: 'prose', text: prose.join(' ') });
    fields = [];
    prose = [];
  };
  for (let n = 0; n < lines.length; n++) {
    const line = lines[n]!;
    const heading = HEADING.exec(line);
    const table = heading ? undefined : tableAt(lines, n);
    const field = FIELD.exec(line);
    if (heading || table || line.trim() === '' || ITEM.test(line)) close();
    if (heading) blocks.push({ kind: 'heading', level: heading[1]!.length, text: heading[2]! });
    else if (table) {
      for (const record of table.records) blocks.push(record);
      n += table.lines - 1;
    } else if (line.trim() === '') continue;
    else if (ITEM.test(line))
      blocks.push({ kind: 'item', text: line.replace(ITEM, '').replace(/\*\*/g, '') });
    else if (field) {
      if (prose.length > 0) close();
      fields.push([field[1]!, field[2]!]);
    } else {
      if (fields.length > 0 || /[.!?:"”»|]\s*$/.test(prose.at(-1) ?? '')) close();
      prose.push(line.replace(/\*\*/g, ''));
    }
  }
  close();
  return blocks;
}

interface Table {
  readonly lines: number;
  readonly records: readonly Block[];
}

/** A table that begins at this line: lines of as many cells, two of them or more, or one between bars. */
function tableAt(lines: readonly string[], from: number): Table | undefined {
  for (const cellsOf of [barred, tabbed, separated]) {
    const width = cellsOf(lines[from]!)?.length;
    if (width === undefined) continue;
    let to = from + 1;
    while (to < lines.length && cellsOf(lines[to]!)?.length === width) to++;
    const rows = lines.slice(from, to).map((line) => cellsOf(line)!);
    if (rows.length > 1 || cellsOf === barred) return { lines: to - from, records: recordsOf(rows) };
  }
  return undefined;
}

function recordsOf(rows: readonly (readonly string[])[]): Block[] {
  const ruled = rows[1]?.every((cell) => /^:?-+:?$/.test(cell)) ?? false;
  const titled =
    ruled ||
    (rows.length > 1 &&
      !rows[0]!.slice(1).some((cell) => /^[-+$€£]?\d[\d.,]*\s?%?$/.test(cell) && !/^\d{4}$/.test(cell)));
  const header = titled ? rows[0]! : [];
  return rows.slice(ruled ? 2 : titled ? 1 : 0).map((cells) => ({
    kind: 'record' as const,
    entries: cells.map((cell, column) => [header[column] ?? `${column}`, cell] as const),
  }));
}

const bare = (cell: string): string => cell.trim().replace(/^\*\*(.*)\*\*$/, '$1');

function barred(line: string): string[] | undefined {
  if (!line.includes('|')) return undefined;
  return line
    .trim()
    .replace(/^\||\|$/g, '')
    .split('|')
    .map(bare);
}

const tabbed = (line: string): string[] | undefined =>
  line.includes('\t') ? line.split('\t').map(bare) : undefined;

/** Cells between commas or semicolons: three or more, with no space after them. */
function separated(line: string): string[] | undefined {
  if (/[,;:]\s|[.!?]$/.test(line)) return undefined;
  const cells = line.split(line.includes(';') ? ';' : ',');
  return cells.length > 2 ? cells.map((cell) => bare(cell).replace(/^"(.*)"$/, '$1')) : undefined;
}
