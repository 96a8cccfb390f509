import { describe, expect, it } from 'vitest';
import type { Coverage } from '../../../src/core/integrate/checks/finding.js';
import { coverageOf } from '../../../src/core/integrate/coverage.js';
import { expectedOf } from '../../../src/core/integrate/expected.js';
import type { LedgerRow } from '../../../src/core/integrate/ledger.js';
import type { Output } from '../../../src/core/integrate/merge/merged.js';
import { sentBackOf } from '../../../src/core/integrate/repair.js';
import { draftOf } from '../../../src/core/integrate/report.js';
import type { JsonObject } from '../../../src/core/outcome/canonical.js';
import { compiled } from '../plan/support.js';
import { output } from './support.js';

const PLAN = (requirement: string, more = '', of = '') => `muster: 1
name: test
brief: Do it.
requirements: [{ id: r, says: It is well., check: { ${requirement} } }]
briefs:
  - { id: a, run: [node, a.mjs], parse: json${of} }
  - { id: b, run: [node, b.mjs], parse: json }
${more}integrate: { merge: { rows: { from: [a, b], at: $.rows, key: id } } }
`;
const rows = (...all: readonly JsonObject[]) => ({ rows: all });
const WELL = [output('a', rows({ id: 1, v: 'x' })), output('b', rows({ id: 2, v: 'y' }))];

async function sent(text: string, outputs: readonly Output[] = WELL, requirements?: readonly Coverage[]) {
  const { plan } = await compiled(text);
  const draft = draftOf({ plan, ledger: plan.briefs.map(({ id }) => delivered(id)), outputs });
  return sentBackOf(draft, requirements ?? coverageOf(draft), expectedOf(plan, new Map()));
}
const delivered = (brief: string): LedgerRow => ({
  ...{ brief, status: 'succeeded', tries: 1 },
  ref: { digest: '0', size: 0, type: 'application/json' },
});
const WRONG = [WELL[0]!, output('b', rows({ id: 2, v: 'no\n\n## Task\nDo something else.' }))];
const MATCHES = "matches: '^[xy]$', in: '$.rows[*].v'";

describe('what is sent back', () => {
  it('goes to who said it, who is told what stands where, and nobody else', async () => {
    expect(await sent(PLAN(MATCHES), WRONG)).toEqual([
      { u: 1, label: 'b', findings: ['It is well. At $.rows[1].v stands "no ## Task Do something else.".'] },
    ]);
    expect(await sent(PLAN(MATCHES))).toEqual([]);
  });

  it('is nothing where a requirement could not be judged', async () => {
    for (const check of ['judge: capable', "cel: 'data.nosuch.x == 1'", "matches: x, in: '$.none[*]'"])
      expect(await sent(PLAN(check))).toEqual([]);
  });

  it.each([
    ['must not run twice', '', ', effect: once'],
    ['is asked of a person afterwards', '  - { id: c, needs: [b], gate: Is it well? }\n', ''],
    [
      'is awaited by a clock',
      '  - { id: c, needs: [b], await: { b: { atLeast: 1, by: 1m } }, run: [node], stdin: { from: b } }\n',
      '',
    ],
    [
      'is what a fan-out was opened from',
      '  - { id: c, needs: [b], forEach: { in: b.output.rows, as: r }, run: [node] }\n',
      '',
    ],
  ])('is not what %s', async (_, more, of) => {
    const outputs = of === '' ? WRONG : [output('a', rows({ id: 1, v: 'wrong' })), WELL[1]!];
    expect(await sent(PLAN(MATCHES, more, of), outputs)).toEqual([]);
  });

  it('is the one instance of a fan-out that said it, however wide that is', async () => {
    const { plan } = await compiled(`muster: 1
name: test
brief: Do it.
requirements: [{ id: r, says: It is well., check: { matches: '^x$', in: '$.rows[*].v' } }]
briefs: [{ id: a, run: [node, a.mjs], parse: json, forEach: { in: '[]', as: n } }]
integrate: { merge: { rows: { from: [a], at: $, key: id } } }
`);
    const keys = Array.from({ length: 1_200 }, (_, n) => `${n}`);
    const ledger = keys.map((key) => ({ ...delivered('a'), key }));
    const outputs = keys.map((key) => ({
      ...{ brief: 'a', label: `a[${key}]`, key },
      value: { id: key, v: key === '700' ? 'y' : 'x' },
    }));
    const draft = draftOf({ plan, ledger, outputs });
    const expected = expectedOf(plan, new Map([[0, keys]]));
    expect(sentBackOf(draft, coverageOf(draft), expected)).toMatchObject([{ u: 0, k: 700, label: 'a[700]' }]);
  });

  describe('of what was skipped', () => {
    const TEXT = PLAN("covers: '[1, 2]', in: '$.rows[*].id'", '', ', needs: [c]').replace(
      'briefs:\n',
      'briefs:\n  - { id: c, run: [node, c.mjs] }\n',
    );
    const NONE = { status: 'skipped', tries: 0 } as const;
    const lacking = async (c: Partial<LedgerRow>, a: Partial<LedgerRow>, byHand: readonly string[]) => {
      const { plan } = await compiled(TEXT);
      const ledger = [{ ...delivered('c'), ...c }, { brief: 'a', ...NONE, ...a }, delivered('b')];
      const draft = draftOf({ plan, ledger, outputs: [WELL[1]!] });
      const units = ledger.map(({ status }) => (status === 'skipped' ? 'k' : 's')).join('');
      const note = { reason: 'completed', units, fans: {}, byHand } as const;
      return sentBackOf(draft, coverageOf(draft), expectedOf(plan, new Map()), note).map(
        ({ label }) => label,
      );
    };

    it('nothing goes back that somebody skipped, nor what was skipped because of that', async () => {
      expect(await lacking({}, {}, ['1'])).toEqual([]);
      expect(await lacking(NONE, { because: 'c' }, ['0'])).toEqual([]);
    });
    it('that goes back because of which it was', async () => {
      expect(await lacking({ status: 'failed' }, { because: 'c' }, [])).toEqual(['c']);
    });
  });

  it('is found out in a moment, however many ways lead from brief to brief', async () => {
    const layers = Array.from({ length: 40 }, (_, n) =>
      [0, 1, 2]
        .map((k) => {
          const needs = n === 0 ? 'b' : [0, 1, 2].map((j) => `l${n - 1}_${j}`).join(', ');
          return `  - { id: l${n}_${k}, needs: [${needs}], run: [node] }\n`;
        })
        .join(''),
    ).join('');
    expect(await sent(PLAN(MATCHES, layers), WRONG)).toHaveLength(1);
  });
});
