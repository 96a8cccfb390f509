import { describe, expect, it } from 'vitest';
import { compileRules } from '../../../src/core/plan/rules.js';
import { compiled, memoryFolder } from './support.js';

const PLAN = `muster: 1
name: survey
brief: Compare the vendors.
params: { type: object, properties: { vendors: { type: array } }, required: [vendors] }
requirements:
  - { id: all, says: Every vendor has a row., check: { covers: params.vendors, in: '$.rows[*].vendor' } }
briefs:
  - { id: dig, run: [node, dig.mjs], parse: json }
  - { id: licences, run: [node, l.mjs], parse: json }
integrate:
  merge: { rows: { from: [dig, licences], at: $.rows, key: vendor, conflicts: [prefer: licences] } }
`;
const run = async () => (await compiled(PLAN, { params: { vendors: ['Temporal'] } })).plan;

async function rulesOf(text: string, folder = memoryFolder()) {
  const plan = await run();
  const rules = await compileRules({ text, path: 'other.yaml' }, plan, folder);
  if (!rules.ok) throw new Error(rules.problems.map(({ message }) => message).join('\n'));
  return { was: plan, is: rules.plan, rules };
}

async function problemsOf(text: string) {
  const rules = await compileRules({ text, path: 'other.yaml' }, await run(), memoryFolder());
  return rules.ok
    ? []
    : rules.problems.map(({ line, path, message }) => `${line ?? '-'} ${path}: ${message}`);
}

describe('other rules for a run', () => {
  it('of a document alone take the place of what it says, and leave the rest as the run had it', async () => {
    const { was, is } = await rulesOf('integrate: { merge: { rows: { from: [dig], at: $.rows } } }\n');
    expect(is.integrate.merge).toMatchObject([{ name: 'rows', from: ['dig'], key: [], conflicts: [] }]);
    expect({ ...is, integrate: was.integrate }).toEqual(was);
    const other = await rulesOf('requirements: [{ id: some, says: Some. }]\n');
    expect(other.is).toEqual({ ...was, requirements: [{ id: 'some', says: 'Some.' }] });
  });

  it('that are the very plan of the run change nothing of it', async () => {
    const { was, is, rules } = await rulesOf(PLAN);
    expect(is).toEqual(was);
    expect(rules.file).toBe('other.yaml');
  });

  it('of a whole plan are all there is: its brief, and no requirement where it has none', async () => {
    const { was, is } = await rulesOf(
      'muster: 1\nname: other\nbrief: Which is cheapest?\nbriefs: [{ id: nobody, ask: What?, whatever: 3 }]\n',
    );
    expect(is).toEqual({
      ...was,
      brief: 'Which is cheapest?',
      requirements: [],
      integrate: { merge: [] },
    });
  });

  it('are checked like those of a plan, against the briefs and params of the run: every problem, with its line', async () => {
    const text = [
      'integrate:',
      '  merge:',
      '    rows: { from: [dig, licence], at: "$.rows[", key: vendor, conflicts: [{ prefer: digg }] }',
      '  files: { conflicts: [majority] }',
      '  verify: [nodde, check.mjs]',
      'requirements:',
      '  - { id: all, says: All., check: { covers: params.vendor, in: $.rows } }',
      '  - { id: all, says: All., check: { count: { min: 1 } } }',
      'requirments: []',
    ].join('\n');
    const problems = await problemsOf(text);
    expect(problems).toHaveLength(9);
    expect(problems).toEqual([
      '3 integrate.merge.rows.from[1]: no brief is called `licence`. Did you mean `licences`?',
      expect.stringMatching(/^3 integrate\.merge\.rows\.at: `\$\.rows\[` is no JSONPath/),
      '3 integrate.merge.rows.conflicts[0].prefer: `digg` is not among the briefs under `from`. Did you mean `dig`?',
      '4 integrate.files: no brief has a workspace of its own, so there are no trees to merge. Remove this.',
      '5 integrate.verify[0]: there is no command `nodde` on PATH. Install it, or correct the name.',
      '7 requirements[0].check.covers: no parameter is called `vendor`. Did you mean `vendors`?',
      expect.stringMatching(/^8 requirements\[1\]\.id: `all` names two requirements/),
      expect.stringMatching(/^8 requirements\[1\]\.check: `count` wants `in`/),
      '9 requirments: unknown key `requirments`. Did you mean `requirements`?',
    ]);
  });

  it('that say nothing, speak of briefs alone, or cannot be read are refused', async () => {
    expect(await problemsOf('muster: 1\n')).toEqual([
      '1 : it has no rules: write `requirements`, `integrate` or both.',
    ]);
    expect(await problemsOf('name: x\nbrief: Which?\n')).toEqual([
      expect.stringMatching(/unknown key `name`/),
    ]);
    expect(await problemsOf('integrate: [\n')).toEqual([expect.stringMatching(/not YAML/)]);
    expect(await problemsOf('')).toHaveLength(1);
  });

  it('may speak of what a patch of the run took out no more', async () => {
    const plan = await run();
    const [dig, licences] = plan.briefs;
    const patched = { ...plan, briefs: [{ ...dig!, removed: true as const }, licences!] };
    const text = 'integrate: { merge: { rows: { from: [dig] } } }\n';
    expect(await compileRules({ text }, patched, memoryFolder())).toMatchObject({
      ok: false,
      problems: [{ message: expect.stringMatching(/no brief is called `dig`/) }],
    });
  });
});
