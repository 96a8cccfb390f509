import { describe, expect, it } from 'vitest';
import { compileRules } from '../../../src/core/plan/rules.js';
import { compiled, memoryFolder, problemsOf } from './support.js';

const PLAN = `muster: 1
name: survey
brief: 'Which vendor suits {{ params.who }}?'
params: { type: object, properties: { who: { type: string, default: a bank }, sizes: { type: array, default: [] } } }
requirements:
  - { id: apt, says: 'It suits {{ params.who }}.', check: { judge: m, rubric: 'What {{ params.who }} needs.' } }
briefs: [{ id: dig, run: [node] }]
integrate:
  merge: { rows: { from: [dig], at: $.rows, key: vendor, conflicts: [majority, { judge: m, by: 'for {{ params.who }}' }] } }
  synthesize: { model: m, sections: [{ title: 'For {{ params.who }}', ask: 'What should {{ params.who }} take?' }, { title: More }] }
`;

describe('texts that speak of the run as a whole', () => {
  it('are said with the params of that run', async () => {
    const { plan } = await compiled(PLAN, { params: { who: 'a school' } });
    expect(plan.brief).toBe('Which vendor suits a school?');
    expect(plan.requirements).toMatchObject([
      { says: 'It suits a school.', check: { rubric: 'What a school needs.' } },
    ]);
    expect(plan.integrate.merge[0]!.conflicts[1]).toMatchObject({ by: 'for a school' });
    expect(plan.integrate.synthesize!.sections).toEqual([
      { title: 'For a school', ask: 'What should a school take?' },
      { title: 'More', ask: 'Which vendor suits a school?' },
    ]);
  });

  it('take nothing out of a param: what looks like a template there stays as it is', async () => {
    const { plan } = await compiled(PLAN, { params: { who: '{{ params.sizes }}' } });
    expect(plan.brief).toBe('Which vendor suits {{ params.sizes }}?');
  });

  it('are said with the params of the run where other rules judge it', async () => {
    const { plan } = await compiled(PLAN, { params: { who: 'a school' } });
    const text = "requirements: [{ id: one, says: 'Fit for {{ params.who }}.' }]";
    const rules = await compileRules({ text }, plan, memoryFolder());
    expect(rules).toMatchObject({ ok: true, plan: { requirements: [{ says: 'Fit for a school.' }] } });
    const wrong = await compileRules({ text: text.replace('who', 'whom') }, plan, memoryFolder());
    expect(wrong).toMatchObject({ ok: false, problems: [{ path: 'requirements[0].says', line: 1 }] });
  });

  it.each([
    ['a name that is not declared', 'params.whom', 'no parameter is called `whom`. Did you mean `who`?'],
    ['an output', 'dig.output', '`dig` is not known here: this text sees `params` only.'],
    ['no template', 'params.who | shout', 'undefined filter: shout'],
  ])('refuse what they cannot say: %s', async (_, expression, says) => {
    for (const path of ['brief', 'integrate.synthesize.sections[0].ask']) {
      const text =
        path === 'brief'
          ? PLAN.replace("brief: 'Which vendor suits {{ params.who }}?'", `brief: 'X {{ ${expression} }}'`)
          : PLAN.replace('What should {{ params.who }}', `What should {{ ${expression} }}`);
      const problems = await problemsOf(text);
      expect(problems).toMatchObject([{ path, line: path === 'brief' ? 3 : 10 }]);
      expect(problems[0]!.message).toContain(says);
    }
  });

  it('refuse a run whose params leave nothing of them', async () => {
    const text = PLAN.replace("brief: 'Which vendor suits {{ params.who }}?'", "brief: '{{ params.who }}'");
    const problems = await problemsOf(text, { params: { who: ' ' } });
    expect(problems).toMatchObject([
      { path: 'brief', line: 3, message: 'says nothing, once its templates are worked out.' },
    ]);
  });
});
