import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeReports } from '../../src/adapters/reports.js';
import { result } from '../../src/cli/commands/runs.js';
import type { Muster, RunReport } from '../../src/client.js';
import type { CompiledRules } from '../../src/core/plan/rules.js';
import { ended, fakeContext, fakeScreen, storedReport } from './fakes.js';

let home: string;
let rules: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'muster-cli-'));
  rules = join(home, 'other.yaml');
  writeFileSync(rules, 'integrate: {}\n');
});
afterEach(() => rmSync(home, { recursive: true }));

const PLAN = 'a'.repeat(64);
const own = { ...storedReport('complete'), entry: { id: 'f3a1' } as never };

function again(status: RunReport['report']['run']['status']): RunReport {
  const { report } = own;
  const run = { ...report.run, status, integrated: { plan: PLAN, file: 'other.yaml' } };
  const told = { ...report, run };
  return { ...own, report: told, json: JSON.stringify(told), markdown: '# Another answer\n' };
}

const sound = { ok: true, plan: {} as never, warnings: [] } as const;

function over(status: RunReport['report']['run']['status'], compiled: CompiledRules = sound) {
  const muster: Partial<Muster> = {
    result: async () => own,
    status: async () => ended('complete'),
    checkRules: async () => compiled,
    integrate: async () => again(status),
  };
  return muster;
}

describe('muster result --integrate', () => {
  it.each([
    ['complete', 0],
    ['failed', 1],
    ['partial', 3],
    ['cancelled', 4],
  ] as const)('that comes out %s ends with %i', async (status, code) => {
    expect(await result('f3a1', { integrate: rules }, fakeContext(over(status), { home }))).toBe(code);
  });

  it('says by which rules, and puts the reports beside those of the run, which stay as they are', async () => {
    await result('f3a1', {}, fakeContext(over('complete'), { home }));
    const screen = fakeScreen();
    await result('f3a1', { integrate: rules }, fakeContext(over('partial'), { home, screen }));
    const folder = join(home, 'reports', 'f3a1');
    expect(readFileSync(join(folder, 'report.md'), 'utf8')).toBe('# Answer\n');
    const beside = join(folder, `integrated-${PLAN.slice(0, 12)}`);
    expect(readFileSync(join(beside, 'report.md'), 'utf8')).toBe('# Another answer\n');
    const said = screen.said.answers.join('\n').replace(/\s+/g, ' ');
    expect(said).toContain('rules other.yaml, instead of its own; no brief was carried out.');
    expect(said).toContain('muster result f3a1 --integrate other.yaml --markdown');
    writeFileSync(join(beside, 'mine.txt'), '');
    removeReports(home, 'f3a1');
    expect(readdirSync(folder, { recursive: true })).toEqual([
      `integrated-${PLAN.slice(0, 12)}`,
      join(`integrated-${PLAN.slice(0, 12)}`, 'mine.txt'),
    ]);
    rmSync(join(beside, 'mine.txt'));
    removeReports(home, 'f3a1');
    expect(existsSync(folder)).toBe(false);
  });

  it('goes to the folder that was asked for, and is one object with --json', async () => {
    const out = join(home, 'out');
    const screen = fakeScreen({ json: true });
    await result('f3a1', { integrate: rules, out }, fakeContext(over('complete'), { home, screen }));
    expect(screen.said.raw).toEqual([again('complete').json]);
    expect(readFileSync(join(out, 'report.json'), 'utf8')).toBe(again('complete').json);
  });

  it('by rules that will not do integrates nothing, names every problem with its line, and ends with 2', async () => {
    const problems = [
      {
        severity: 'error',
        path: 'integrate.merge.rows.from[0]',
        line: 3,
        message: 'no brief is called `x`.',
      },
      { severity: 'error', path: 'requirements[0].check', line: 7, message: 'wants `in`.' },
    ] as const;
    const screen = fakeScreen();
    const muster = { ...over('complete', { ok: false, problems }), integrate: undefined as never };
    expect(await result('f3a1', { integrate: rules }, fakeContext(muster, { home, screen }))).toBe(2);
    expect(screen.said.progress[0]).toBe(`${rules}: 2 problems, nothing was integrated`);
    expect(screen.said.progress.slice(2).map((line) => line.slice(0, 8))).toEqual([' line 3 ', ' line 7 ']);
    expect(screen.said.objects).toMatchObject([{ problems: [{ line: 3 }, { line: 7 }] }]);
  });

  it('of a file that is not there says so in one line', async () => {
    const context = fakeContext(over('complete'), { home });
    await expect(result('f3a1', { integrate: 'nowhere.yaml' }, context)).rejects.toThrow(
      'There is no file nowhere.yaml. Give the path of a rules file.',
    );
  });

  it('with --salvage integrates what was salvaged of a run that left no report', async () => {
    const salvaged = { ...own, markdown: 'salvaged' };
    const asked: unknown[] = [];
    const muster: Partial<Muster> = {
      ...over('partial'),
      result: async () => undefined,
      status: async () => ended('terminated'),
      salvage: async () => salvaged,
      integrate: async (run) => {
        asked.push(run);
        return again('partial');
      },
    };
    expect(await result('f3a1', { salvage: true, integrate: rules }, fakeContext(muster, { home }))).toBe(3);
    expect(asked).toEqual([salvaged]);
  });
});
