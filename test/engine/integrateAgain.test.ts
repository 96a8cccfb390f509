import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { musterOn, type RunReport } from '../../src/client.js';
import type { RulesDocument } from '../../src/core/plan/rules.js';
import type { PlanDocument } from '../../src/core/plan/schema.js';
import type { ClosingNote } from '../../src/core/schedule/closing.js';
import { blobName } from '../../src/engine/artifacts.js';
import { type IntegrateEffects, integrateRun } from '../../src/engine/integrateRun.js';
import type { Store } from '../../src/ports/store.js';
import { wrongWith } from '../support/report.js';
import { type End, effects, OPENED, RUN, recordRun } from './recordedRun.js';
import { effectsOn, pruned, ticking } from './storedRuns.js';
import { around, vendorsPlan } from './vendors.js';

const PLAN = vendorsPlan("  - { id: after, needs: [verdict], run: [node, a.mjs, '{{ verdict }}'] }\n");
const OTHER: RulesDocument = {
  integrate: {
    merge: { rows: { from: ['dig', 'licences'], at: '$.rows', key: 'vendor', conflicts: ['keep-both'] } },
  },
};
const about = (vendor: string, licence: string): End => ({
  status: 'succeeded',
  value: { rows: [{ vendor, licence }] },
});
const ENDS: { readonly [label: string]: End } = {
  'dig[Temporal]': about('Temporal', 'MIT'),
  'dig[DBOS]': about('DBOS', 'MIT'),
  'dig[Restate]': about('Restate', 'MIT'),
  licences: about('Restate', 'BSL'),
  verdict: { status: 'succeeded', value: 'Temporal' },
  after: { status: 'succeeded', value: 'Done.' },
};
const NOTE: ClosingNote = { reason: 'completed', units: 'dsss', fans: { '0': 'sss' } };

/** Nobody answers for Temporal. */
const musterOver = (store: Store) =>
  musterOn({ store, connect: () => Promise.reject(new Error('connection refused')) });

/** A run that is over. */
async function over(
  ends: { readonly [label: string]: End | undefined } = ENDS,
  {
    note = NOTE,
    plan = PLAN,
    verify,
  }: {
    readonly note?: ClosingNote | 'salvaged';
    readonly plan?: string;
    readonly verify?: IntegrateEffects['executors']['run'];
  } = {},
) {
  const there = Object.entries(ends).flatMap(([label, end]) => (end ? [[label, end] as const] : []));
  const recorded = await recordRun(plan, Object.fromEntries(there), around);
  const { store } = recorded;
  const how = note === 'salvaged' ? { over: true } : { note };
  await integrateRun(
    { run: RUN, plan: recorded.plan, ...how, now: OPENED + 60_000 },
    effects(store, verify && { run: verify }),
  );
  const muster = musterOver(store);
  return { store, muster, own: (await muster.result(RUN.id))! };
}
/** Of a fan-out that was refused nothing is known but that. */
const noteOf = ({
  reason,
  units,
  fan,
}: {
  reason: ClosingNote['reason'];
  units: string;
  fan: string;
}): ClosingNote => ({
  ...{ reason, units: `d${units}` },
  fans: fan.startsWith('r') ? {} : { '0': fan },
});
const told = ({ report }: RunReport) => report.run;

describe('a run that is over, integrated again', () => {
  it('decides by the other rules, says which they were, and keeps its own report as it is', async () => {
    const { muster, own } = await over();
    expect(own.report.answer.conflicts).toMatchObject([{ rule: 'prefer licences', kept: 'BSL' }]);
    const again = await muster.integrate(RUN.id, OTHER);
    expect(again.report.answer.conflicts).toMatchObject([{ rule: 'keep-both', values: [{}, {}] }]);
    expect(told(again).answer).not.toBe(told(own).answer);
    const { integrated, answer: _, ...rest } = told(again);
    const { answer: __, ...before } = told(own);
    expect(rest).toEqual(before);
    expect(integrated).toEqual({ plan: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(again.markdown).toContain(`by the rules of a program, as plan \`${integrated!.plan}\``);
    expect((await muster.result(RUN.id))!.json).toBe(own.json);
  });

  it('by requirements that do not hold is partial, and by a plan without any complete', async () => {
    const { muster } = await over();
    const strict = {
      requirements: [{ id: 'many', says: 'Many.', check: { count: { min: 9 }, in: '$.rows[*]' } }],
    };
    const again = await muster.integrate(RUN.id, strict);
    expect(told(again).status).toBe('partial');
    expect(again.report.answer.requirements).toMatchObject([{ id: 'many', status: 'missing' }]);
    const whole: PlanDocument = { muster: 1, name: 'x', brief: 'Which?', briefs: [{ id: 'x', ask: 'x' }] };
    const bare = await muster.integrate(RUN.id, whole);
    expect(bare.report.answer).toMatchObject({
      brief: 'Which?',
      requirements: [],
      data: { verdict: 'Temporal' },
    });
    expect(told(bare).status).toBe('complete');
  });

  it('gives the same answer by its own rules, to the byte, however its briefs and it itself have ended', async () => {
    const reasons = ['completed', 'failed', 'cancelled', 'deadline'] as const;
    const letters = fc.stringMatching(/^[sfmkcr.]{3}$/);
    const ending = fc.oneof(
      fc.constant('salvaged' as const),
      fc.record({ reason: fc.constantFrom(...reasons), units: letters, fan: letters }),
    );
    const kept = fc.subarray(Object.keys(ENDS));
    const failing = fc.constantFrom<End['status']>('failed', 'missing', 'cancelled', 'succeeded');
    await fc.assert(
      fc.asyncProperty(ending, kept, failing, async (how, labels, status) => {
        const reason = { type: 'CommandFailed', message: 'It failed.' } as const;
        const ends = Object.fromEntries(
          labels.map((label, n) => [
            label,
            n > 0 || status === 'succeeded' ? ENDS[label] : { status, reason },
          ]),
        );
        const { muster, own } = await over(ends, { note: how === 'salvaged' ? how : noteOf(how) });
        const rules = await muster.checkRules(RUN.id, { text: PLAN, path: 'plan.yaml' });
        if (!rules.ok) throw new Error('its own rules are sound');
        const again = await muster.integrate(RUN.id, rules);
        expect(JSON.stringify(again.report.answer)).toBe(JSON.stringify(own.report.answer));
        expect([wrongWith(own.report), wrongWith(again.report)]).toEqual([[], []]);
        const { integrated, ...rest } = told(again);
        expect(integrated?.file).toBe('plan.yaml');
        expect(rest).toEqual(told(own));
      }),
      { numRuns: 60 },
    );
  });

  it.each<[string, RulesDocument, string]>([
    [
      'a command that may not be run',
      { integrate: { verify: ['node', 'check.mjs'] } },
      'integrate.verify[0]: ',
    ],
    [
      'a model where none is set up',
      { requirements: [{ id: 'good', says: 'It is good.', check: { judge: 'wise-1' } }] },
      'requirements[0].check.judge: no model provider is set up. Set OPENAI_API_KEY, or OPENAI_BASE_URL for another provider.',
    ],
    [
      'a function where there are none',
      { integrate: { merge: { rows: { from: ['dig'], at: '$.rows', reduce: 'sum' } } } },
      'integrate.merge.rows.reduce: no module of functions is set up. Name it with MUSTER_FUNCTIONS.',
    ],
  ])('is refused where its rules ask %s, before anything is asked', async (_, rules, message) => {
    const { store } = await over();
    const connect = () => Promise.reject(new Error('connection refused'));
    const muster = musterOn({ store, connect, env: { PATH: process.env.PATH }, policy: { commands: [] } });
    await expect(muster.integrate(RUN.id, rules)).rejects.toMatchObject({
      type: 'InvalidPlan',
      message: expect.stringContaining(message),
    });
    expect((await muster.integrate(RUN.id, OTHER)).report.answer.conflicts).toHaveLength(1);
  });

  it('sends nothing back: that repair is not used is a warning', async () => {
    const { muster } = await over();
    const document = { integrate: { merge: {}, repair: { rounds: 1 } } };
    expect(await muster.checkRules(RUN.id, { document })).toMatchObject({
      ok: true,
      warnings: [{ path: 'integrate.repair', message: expect.stringContaining('is not used') }],
    });
  });

  it('has the tables of the rules it was integrated by, as the run has those of its own', async () => {
    const { muster, own } = await over();
    const grouped = { rows: { from: ['dig'], at: '$.rows', group: 'licence' } };
    const again = await muster.integrate(RUN.id, { integrate: { merge: grouped } });
    const sizes = async (report: RunReport) =>
      (await muster.tables(report)).map(({ columns, rows }) => [columns.join(), rows.length]);
    expect(again.report.answer.data.rows).toHaveLength(1);
    expect(await sizes(again)).toEqual([['licence,vendor', 3]]);
    expect(await sizes(own)).toEqual([['vendor,licence', 3]]);
  });

  it('gives the same report by the same rules, and nothing more is stored for it', async () => {
    const { muster, store } = await over();
    const first = await muster.integrate(RUN.id, OTHER);
    const names = await store.list('');
    expect((await muster.integrate(RUN.id, OTHER)).json).toBe(first.json);
    expect(await store.list('')).toEqual(names);
  });

  it('takes an output that is no longer in the store for a hole, and says so of that alone', async () => {
    const large = { rows: [{ vendor: 'DBOS', notes: 'x'.repeat(70_000) }] };
    const { store, own } = await over({ ...ENDS, 'dig[DBOS]': { status: 'succeeded', value: large } });
    const { digest } = own.report.answer.ledger.find(({ key }) => key === 'DBOS')!;
    await store.remove(blobName(digest!));
    const again = await musterOver(store).integrate(RUN.id, OTHER);
    expect(again.report.answer.missing).toMatchObject([
      { key: 'DBOS', why: expect.stringMatching(/no longer in the store/) },
    ]);
    expect(told(again)).toMatchObject({ status: 'partial', counts: { succeeded: 5, missing: 1 } });
    expect(told(again).briefs.map(({ status }) => status)).toEqual(
      again.report.answer.ledger.map(({ status }) => status),
    );
  });

  it('takes a brief whose log is gone for a hole too', async () => {
    const { store } = await over();
    await store.remove(`runs/${RUN.first}/1_0`);
    const again = await musterOver({ ...store }).integrate(RUN.id, OTHER);
    expect(again.report.answer.missing).toMatchObject([
      { brief: 'licences', why: expect.stringMatching(/record of its output is no longer in the store/) },
    ]);
  });

  it('keeps what it stored as long as the run is there, and lets it go with the run', async () => {
    const { muster, store } = await over();
    await muster.integrate(RUN.id, OTHER);
    const names = await store.list('blobs/');
    const clock = ticking();
    clock.pass(Date.now());
    await pruned({ runs: ['another'] }, effectsOn(store, clock));
    expect(await store.list('blobs/')).toEqual(names);
    await pruned({ runs: [RUN.first] }, effectsOn(store, clock));
    expect(await store.list('blobs/')).toEqual([]);
  });

  describe('by a command', () => {
    const VERIFIED = `${PLAN}  verify: [node, check.mjs]\n`;
    const holds: IntegrateEffects['executors']['run'] = async () => ({ output: { text: '' } });

    it('that is the run’s own is not asked again about the same answer', async () => {
      const { muster, own } = await over(ENDS, { plan: VERIFIED, verify: holds });
      const rules = await muster.checkRules(RUN.id, { text: VERIFIED });
      if (!rules.ok) throw new Error('its own rules are sound');
      // There is no check.mjs: whoever ran it would find that it fails.
      expect(told(await muster.integrate(RUN.id, rules)).answer).toBe(told(own).answer);
    });

    it('that is another one is asked, though the answer be the same', async () => {
      const { muster } = await over(ENDS, { plan: VERIFIED, verify: holds });
      const text = VERIFIED.replace('[node, check.mjs]', '[node, -e, "process.exit(1)"]');
      const rules = await muster.checkRules(RUN.id, { text });
      if (!rules.ok) throw new Error('its rules are sound');
      const again = await muster.integrate(RUN.id, rules);
      expect(again.report.answer.verified).toMatchObject({ holds: false });
      expect(told(again).status).toBe('partial');
    });
  });

  it('is refused by rules that are not sound, with every problem, and nothing is stored', async () => {
    const { muster, store } = await over();
    const names = await store.list('');
    const wrong = { integrate: { merge: { rows: { from: ['digg', 'nobody'] } } } };
    await expect(muster.integrate(RUN.id, wrong)).rejects.toThrow(
      /from\[0\]: no brief is called `digg`. Did you mean `dig`\?\n.*from\[1\]: no brief is called `nobody`/,
    );
    expect(await store.list('')).toEqual(names);
  });

  it('has to be over: one without a report says so and what to do, and one that is not there too', async () => {
    const { store } = await recordRun(PLAN, ENDS, around);
    const muster = musterOver(store);
    await expect(muster.integrate(RUN.id, OTHER)).rejects.toThrow(
      'review-1 has no report yet. Wait for it (muster watch review-1) or cancel it (muster cancel review-1): both give one.',
    );
    await expect(muster.integrate('nobody', OTHER)).rejects.toThrow('No run called nobody has left anything');
  });

  it('may be one that was salvaged while nobody knew whether it was over', async () => {
    const { store } = await recordRun(PLAN, ENDS, around);
    const muster = musterOver(store);
    const again = await muster.integrate(await muster.salvage(RUN.id), OTHER);
    expect(told(again)).toMatchObject({ ending: 'salvaged', status: 'complete' });
    expect(await muster.result(RUN.id)).toBeUndefined();
  });
});
