import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ResultOptions, result } from '../../src/cli/commands/runs.js';
import { program } from '../../src/cli/program.js';
import type { Muster } from '../../src/client.js';
import type { Table } from '../../src/core/integrate/table.js';
import { ended, fakeContext, fakeScreen, storedReport } from './fakes.js';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'muster-cli-'));
});
afterEach(() => rmSync(home, { recursive: true }));

const table = (name: string): Table => ({ name, columns: ['name'], rows: [[name]] });
const stored = storedReport('partial');

async function shown(options: ResultOptions, tables: readonly Table[] = [table('rows')]) {
  const screen = fakeScreen();
  const asked: unknown[] = [];
  const muster: Partial<Muster> = {
    result: async () => ({ ...stored, entry: { id: 'f3a1' } as never }),
    status: async () => ended('partial'),
    tables: async (_, how) => {
      asked.push(how);
      return tables;
    },
  };
  const code = await result('f3a1', options, fakeContext(muster, { home, screen }));
  return { code, asked, ...screen.said };
}

describe('muster result --format', () => {
  it.each([
    ['json', stored.json],
    ['md', stored.markdown],
    ['csv', 'name\r\nrows\r\n'],
  ] as const)('%s is all of standard output, and the exit code is that of the run', async (format, text) => {
    const { code, raw, answers } = await shown({ format });
    expect({ code, raw, answers }).toEqual({ code: 3, raw: [text], answers: [] });
  });

  it('csv of an answer with several tables wants one named, and names them', async () => {
    const tables = [table('rows'), table('notes')];
    await expect(shown({ format: 'csv' }, tables)).rejects.toThrow(
      'The answer has 2 tables: rows, notes. Name one: --table rows',
    );
    await expect(shown({ format: 'csv', table: 'note' }, tables)).rejects.toThrow(
      'The answer has no table `note`. It has: rows, notes.',
    );
    expect((await shown({ table: 'notes' }, tables)).raw).toEqual(['name\r\nnotes\r\n']);
  });

  it('csv of an answer without data says so', async () => {
    await expect(shown({ format: 'csv' }, [])).rejects.toThrow('The answer holds no data');
  });

  it('csv tells who said what where that is asked for', async () => {
    expect((await shown({ format: 'csv', from: true })).asked).toEqual([{ from: true }]);
    expect((await shown({ format: 'csv' })).asked).toEqual([{ from: false }]);
  });

  it('of another kind takes no table', async () => {
    await expect(shown({ format: 'json', table: 'rows' })).rejects.toThrow('Say --format csv');
  });

  it.each([
    ['--format', 'xml'],
    ['--format', 'csv', '--json'],
    ['--table', 'rows', '--markdown'],
  ])('is refused as %s %s %s', async (...options) => {
    expect(await program(['node', 'muster', 'result', 'f3a1', ...options])).toBe(2);
  });
});
