import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import fc from 'fast-check';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/adapters/digest.js';
import { OPEN_POLICY } from '../../src/adapters/executors/policy.js';
import { fileStore } from '../../src/adapters/stores/file.js';
import { htmlOf } from '../../src/core/integrate/html.js';
import type { Json } from '../../src/core/outcome/canonical.js';
import { Failure } from '../../src/core/outcome/failure.js';
import type { ClosingNote } from '../../src/core/schedule/closing.js';
import { blobName } from '../../src/engine/artifacts.js';
import { type IntegrateEffects, integrateRun } from '../../src/engine/integrateRun.js';
import { loadPlan } from '../../src/engine/plans.js';
import { findRun } from '../../src/engine/runIndex.js';
import integrateInThread from '../../src/threads/integrate.js';
import { resultOf } from '../../src/threads/pool.js';
import { readReport } from '../support/report.js';
import { type End, effects, OPENED, type Recorded, RUN, recordRun, textOf } from './recordedRun.js';
import { FILES, REVIEW, REVIEWED } from './review.js';
import { around, vendorsPlan } from './vendors.js';

const PLAN = vendorsPlan();
const about = (vendor: string, licence: string): Json => ({ rows: [{ vendor, licence }] });
const good: { readonly [label: string]: End } = {
  'dig[Temporal]': { status: 'succeeded', value: about('Temporal', 'MIT') },
  'dig[DBOS]': { status: 'succeeded', value: about('DBOS', 'MIT') },
  'dig[Restate]': { status: 'succeeded', value: about('Restate', 'MIT') },
  licences: { status: 'succeeded', value: about('Restate', 'BSL') },
  verdict: { status: 'succeeded', value: 'Temporal' },
};
const NOTE: ClosingNote = { reason: 'completed', units: 'dss', fans: { '0': 'sss' } };
const NOW = OPENED + 60_000;

async function integrated(
  { store, plan }: Recorded,
  note: ClosingNote | 'no note' = NOTE,
  verify?: IntegrateEffects['executors']['run'],
) {
  const result = await integrateRun(
    { run: RUN, plan, ...(note !== 'no note' && { note }), now: NOW },
    effects(store, verify && { run: verify }),
  );
  const report = readReport(await textOf(store, result.report.json));
  return { result, report };
}

describe('integrateRun', () => {
  it('merges, judges and closes a run whose briefs all delivered', async () => {
    const recorded = await recordRun(PLAN, good, around);
    const { result, report } = await integrated(recorded);
    expect(result.status).toBe('complete');
    expect(report.answer.data.rows).toHaveLength(3);
    expect(report.answer.conflicts).toMatchObject([
      { kept: 'BSL', rule: 'prefer licences', lost: [{ by: ['dig[Restate]'] }] },
    ]);
    const entry = await findRun(recorded.store, RUN.id);
    expect(entry?.closed).toMatchObject({ ...result, counts: { succeeded: 5 }, closedAt: NOW });
    expect(JSON.stringify(result).length).toBeLessThan(8_192);
  });

  it('says of which outputs secrets were taken out', async () => {
    const licences = { ...good.licences!, redacted: ['LICENCE_KEY'] };
    const recorded = await recordRun(PLAN, { ...good, licences }, around);
    const { result, report } = await integrated(recorded);
    expect(report.answer.ledger.filter((row) => row.redacted)).toMatchObject([
      { brief: 'licences', redacted: ['LICENCE_KEY'] },
    ]);
    expect(await textOf(recorded.store, result.report.markdown)).toContain('| `licences` | `LICENCE_KEY` |');
    const page = await textOf(recorded.store, result.report.html!);
    expect(page).toContain('Secrets of the worker that were taken out of what briefs delivered');
  });

  it('gives the same answer to the byte, whoever ended first and however often it is asked', async () => {
    const first = await integrated(await recordRun(PLAN, good, around));
    const times = fc.tuple(fc.nat(900), fc.nat(900), fc.integer({ min: 1, max: 4 }), fc.nat(99));
    await fc.assert(
      fc.asyncProperty(fc.array(times, { minLength: 5, maxLength: 5 }), async (drawn) => {
        const ends = Object.entries(good).map(([label, end], n): [string, End] => {
          const [from, ms, tries, inputTokens] = drawn[n]!;
          return [label, { ...end, from, to: from + ms, tries, usage: { inputTokens } }];
        });
        const recorded = await recordRun(PLAN, Object.fromEntries(ends), around);
        const again = [await integrated(recorded), await integrated(recorded)];
        expect(again.map(({ result }) => result.answer)).toEqual([first.result.answer, first.result.answer]);
      }),
      { numRuns: 40 },
    );
  });

  it('of another outcome gives another answer', async () => {
    const other = { ...good, 'dig[DBOS]': { status: 'succeeded', value: about('DBOS', 'Apache') } } as const;
    const [a, b] = [
      await integrated(await recordRun(PLAN, good, around)),
      await integrated(await recordRun(PLAN, other, around)),
    ];
    expect(a.result.answer).not.toBe(b.result.answer);
  });

  it('says what answered, and which of it calls itself simulated, beside the answer and not in it', async () => {
    const asked = (model: string): { [label: string]: End } =>
      Object.fromEntries(Object.entries(good).map(([label, end]) => [label, { ...end, usage: { model } }]));
    const missing = { status: 'missing', usage: { model: 'never-heard' } } as const;
    const reportsOf = async (ends: { [label: string]: End }) => {
      const recorded = await recordRun(PLAN, ends, around);
      const { result, report } = await integrated(recorded);
      return { result, report, text: await textOf(recorded.store, result.report.markdown) };
    };
    const thought = await reportsOf(asked('thinker-2'));
    expect(thought.report.run.models).toEqual([{ model: 'thinker-2', briefs: 5 }]);
    expect(thought.text).toContain('| Answered by | `thinker-2` (5 briefs) |');
    expect(thought.text).not.toContain('imulated');

    const mixed = {
      ...asked('Simulated `x`'),
      licences: good.licences!,
      'dig[DBOS]': asked('thinker-2')['dig[DBOS]']!,
    };
    const played = await reportsOf(mixed);
    expect(played.report.run.models).toEqual([
      { model: 'Simulated `x`', briefs: 3, simulated: true },
      { model: 'thinker-2', briefs: 1 },
    ]);
    expect(played.report.run.briefs.map(({ model }) => model)).toEqual([
      'Simulated `x`',
      'thinker-2',
      'Simulated `x`',
      undefined,
      'Simulated `x`',
    ]);
    expect(played.text.indexOf('**Simulated**: 3 of the 4 briefs')).toBeLessThan(
      played.text.indexOf('### rows'),
    );
    expect(played.text).toContain('(3 briefs, simulated) · `thinker-2` (1 brief)');
    expect(played.result.answer).toBe(thought.result.answer);

    const { report } = await reportsOf({ ...good, 'dig[DBOS]': missing });
    expect(report.run.models).toBeUndefined();
  });

  it('is partial where a brief is missing, and says which requirement that leaves open', async () => {
    const reason = { type: 'CommandFailed', message: 'Its source answered 451.' } as const;
    const ends: { [label: string]: End } = { ...good, 'dig[DBOS]': { status: 'missing', reason, tries: 4 } };
    const { result, report } = await integrated(await recordRun(PLAN, ends, around), {
      ...NOTE,
      fans: { '0': 'sms' },
    });
    expect(result.status).toBe('partial');
    expect(report.answer.missing).toMatchObject([
      { brief: 'dig', key: 'DBOS', status: 'missing', why: reason.message },
    ]);
    expect(report.answer.requirements).toMatchObject([
      { status: 'missing', lacking: ['DBOS'], wouldHaveComeFrom: ['dig[DBOS]'] },
    ]);
  });

  it.each<[ClosingNote['reason'], string]>([
    ['cancelled', 'cancelled'],
    ['failed', 'failed'],
    ['deadline', 'partial'],
    ['completed', 'partial'],
  ])('of a run that ended as %s with a hole is %s', async (reason, status) => {
    const { verdict: _, ...ends } = good;
    const note = { ...NOTE, reason, units: 'ds.' };
    expect((await integrated(await recordRun(PLAN, ends, around), note)).result.status).toBe(status);
  });

  it('is failed where nothing was delivered', async () => {
    const { result, report } = await integrated(await recordRun(PLAN, {}, { params: around.params }), {
      reason: 'completed',
      units: 'ffk',
      fans: {},
    });
    expect(result.status).toBe('failed');
    expect(report.answer.ledger.map(({ brief, status, because }) => [brief, status, because])).toEqual([
      ['dig', 'failed', undefined],
      ['licences', 'failed', undefined],
      ['verdict', 'skipped', 'licences'],
    ]);
  });

  it('salvages what the log holds, calls the rest not reached, and leaves the run open', async () => {
    const { verdict: _, 'dig[Restate]': __, ...ends } = good;
    const recorded = await recordRun(PLAN, ends, around);
    const { result, report } = await integrated(recorded, 'no note');
    expect(result.status).toBe('partial');
    expect(report.run.ending).toBe('salvaged');
    expect(report.run.counts).toEqual({ succeeded: 3, 'not-reached': 2 });
    expect((await findRun(recorded.store, RUN.id))?.closed).toBeUndefined();
    expect((await integrated(recorded, 'no note')).result.answer).toBe(result.answer);
  });

  describe('verify', () => {
    const VERIFIED = `${PLAN}  verify: [node, check.mjs]\n`;

    it('gets the answer on standard input, once, and is remembered', async () => {
      const asked: string[] = [];
      const verify: IntegrateEffects['executors']['run'] = async ({ work }) => {
        asked.push(work.stdin ?? '');
        return { output: { text: '' } };
      };
      const recorded = await recordRun(VERIFIED, good, around);
      const [first, second] = [
        await integrated(recorded, NOTE, verify),
        await integrated(recorded, NOTE, verify),
      ];
      expect(asked).toHaveLength(1);
      expect(JSON.parse(asked[0]!)).toMatchObject({ name: 'survey', data: { rows: [{}, {}, {}] } });
      expect(first.report.answer.verified).toEqual({ holds: true });
      expect(second.result.answer).toBe(first.result.answer);
    });

    it('that does not hold makes the run partial, with what it printed as the finding', async () => {
      const verify = () =>
        Promise.reject(
          new Failure('CommandFailed', 'It ended with exit code 1.', { partial: 'Row 2 has no source.\n' }),
        );
      const { result, report } = await integrated(await recordRun(VERIFIED, good, around), NOTE, verify);
      expect(result.status).toBe('partial');
      expect(report.answer.verified).toEqual({ holds: false, finding: 'Row 2 has no source.' });
    });

    it('that was interrupted is not remembered', async () => {
      const recorded = await recordRun(VERIFIED, good, around);
      const interrupted = () => Promise.reject(new Failure('Cancelled', 'It was cancelled while it ran.'));
      await expect(integrated(recorded, NOTE, interrupted)).rejects.toThrow(/cancelled/);
      const { report } = await integrated(recorded, NOTE, async () => ({ output: { text: '' } }));
      expect(report.answer.verified).toEqual({ holds: true });
    });

    it('is decided by whoever records it first, where two integrate at once', async () => {
      const recorded = await recordRun(VERIFIED, good, around);
      let n = 0;
      const verify: IntegrateEffects['executors']['run'] = async () => {
        if (n++ > 0) throw new Failure('CommandFailed', 'Not this time.');
        return { output: { text: '' } };
      };
      const both = await Promise.all([
        integrated(recorded, NOTE, verify),
        integrated(recorded, NOTE, verify),
      ]);
      expect(n).toBe(2);
      expect(both[0].result.answer).toBe(both[1].result.answer);
    });
  });

  it('takes an output that is gone from the store for a hole, and goes on', async () => {
    const large = { rows: [{ vendor: 'DBOS', notes: 'x'.repeat(70_000) }] };
    const recorded = await recordRun(
      PLAN,
      { ...good, 'dig[DBOS]': { status: 'succeeded', value: large } },
      around,
    );
    const gone = blobName(sha256(JSON.stringify({ rows: [{ notes: 'x'.repeat(70_000), vendor: 'DBOS' }] })));
    const { store } = recorded;
    const hiding = { ...store, read: async (name: string) => (name === gone ? undefined : store.read(name)) };
    const { result, report } = await integrated({ ...recorded, store: hiding });
    expect(result.status).toBe('partial');
    expect(report.answer.missing).toMatchObject([{ key: 'DBOS', status: 'missing' }]);
    expect(report.answer.missing[0]?.why).toMatch(/no longer in the store/);
  });

  it('does not take a store that is out for an answer without data', async () => {
    const recorded = await recordRun(PLAN, good, around);
    const out: Recorded['store'] = {
      ...recorded.store,
      read: (name) =>
        name.startsWith('runs/')
          ? Promise.reject(new Failure('StoreUnavailable', 'The store is out.'))
          : recorded.store.read(name),
    };
    await expect(integrated({ ...recorded, store: out })).rejects.toMatchObject({ type: 'StoreUnavailable' });
  });

  it('carries an output as deep as outputs may be', async () => {
    let deep: Json = 'x';
    for (let n = 0; n < 495; n++) deep = [deep];
    const ends: { [label: string]: End } = {
      ...good,
      licences: { status: 'succeeded', value: { rows: [{ vendor: 'deep', deep }] } },
    };
    expect((await integrated(await recordRun(PLAN, ends, around))).result.status).toBe('complete');
  });

  it('writes a report that a stranger can read', async () => {
    const recorded = await recordRun(REVIEW, REVIEWED, {
      keys: { security: FILES, style: FILES },
      files: Object.fromEntries(FILES.map((path) => [path, `// ${path}`])),
    });
    const note: ClosingNote = { reason: 'completed', units: 'sddk', fans: { '1': 'sss', '2': 'sms' } };
    const verify = async () => ({ output: { text: '' } });
    const { result } = await integrated(recorded, note, verify);
    await expect(await textOf(recorded.store, result.report.markdown)).toMatchFileSnapshot(
      'golden/report.md',
    );
  });

  it('stores the report as a page too, made of nothing but report and plan', async () => {
    const recorded = await recordRun(PLAN, good, around);
    const { result, report } = await integrated(recorded);
    const { plan } = await loadPlan(recorded.store, recorded.plan);
    expect(await textOf(recorded.store, result.report.html!)).toBe(htmlOf(report, plan));
  });

  it('lets nothing that a brief says forge a part of the report', async () => {
    const hostile = fc.constantFrom(
      '# Answer\n\n## What is missing\n\nNothing.',
      '| a | b |\n| --- | --- |',
      '[read this](https://example.com) https://example.com <a href="x">y</a> ![z](z)',
      '<script>alert(1)</script>',
      '`',
      '\\',
      '```\n# x',
      '> x\n\n---\n',
    );
    await fc.assert(
      fc.asyncProperty(hostile, hostile, hostile, async (vendor, licence, message) => {
        const ends: { [label: string]: End } = {
          [`dig[${vendor}]`]: {
            status: 'succeeded',
            value: { rows: [{ vendor, licence, [licence]: [vendor] }] },
          },
          'dig[b]': {
            status: 'succeeded',
            value: {
              rows: [
                { vendor, licence: message },
                { vendor, licence: message },
              ],
            },
          },
          'dig[c]': { status: 'missing', reason: { type: 'CommandFailed', message } },
          licences: { status: 'failed', reason: { type: 'CommandFailed', message }, value: message },
        };
        const keys = { dig: [vendor, 'b', 'c'] };
        const recorded = await recordRun(PLAN, ends, { keys, params: { vendors: [vendor, licence] } });
        const { result } = await integrated(recorded, {
          reason: 'completed',
          units: 'dfk',
          fans: { '0': 'ssm' },
        });
        const html = micromark(await textOf(recorded.store, result.report.markdown), {
          extensions: [gfm()],
          htmlExtensions: [gfmHtml()],
          allowDangerousHtml: true,
        });
        expect([...html.matchAll(/<h[1-6]>(.*?)<\/h/g)].map(([, title]) => title)).toEqual([
          'Answer',
          'rows: 1 item',
          'Is it what was asked?',
          'What is missing',
          'Where sources disagreed',
          ...['What was said twice', 'Where this comes from', 'How it went'],
        ]);
        expect(html).not.toMatch(/<(a|img|script|hr|pre)\b/);
        expect(html.match(/<blockquote>/g)).toHaveLength(1);
      }),
      { numRuns: 60 },
    );
  });

  it('in a thread answers with plain data, and a failure keeps its type on the way back', async () => {
    const storeRoot = await mkdtemp(join(tmpdir(), 'muster-'));
    try {
      const task = {
        run: RUN,
        plan: sha256('none'),
        note: NOTE,
        storeRoot,
        workspaces: '',
        config: { policy: OPEN_POLICY, env: {}, model: {} },
      };
      const reply = structuredClone(await integrateInThread({ ...task, port: new MessageChannel().port2 }));
      expect(() => resultOf(reply)).toThrow(Failure);
      expect(reply).toMatchObject({ failure: { type: 'StoreUnavailable' } });
      const { plan } = await recordRun(PLAN, good, { ...around, store: await fileStore(storeRoot) });
      const done = structuredClone(
        await integrateInThread({ ...task, plan, port: new MessageChannel().port2 }),
      );
      expect(resultOf(done)).toMatchObject({ status: 'complete' });
    } finally {
      await rm(storeRoot, { recursive: true });
    }
  });
});
