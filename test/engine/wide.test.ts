import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { musterOn } from '../../src/client.js';
import { csvOf } from '../../src/core/integrate/csv.js';
import type { Answer } from '../../src/core/integrate/report.js';
import type { Widths } from '../../src/core/integrate/wide/apart.js';
import { canonical, type Json } from '../../src/core/outcome/canonical.js';
import { blobName } from '../../src/engine/artifacts.js';
import { integrateRun } from '../../src/engine/integrateRun.js';
import { wholeAnswer } from '../../src/engine/setApart.js';
import type { Store } from '../../src/ports/store.js';
import { readReport } from '../support/report.js';
import { type End, effects, OPENED, RUN, recordRun, textOf } from './recordedRun.js';
import { effectsOn, pruned, ticking } from './storedRuns.js';

/** Every second vendor is said twice, with another text; the last one has a cost that no bound allows. */
const PLAN = `muster: 1
name: wide
brief: What do they all say?
params: { type: object, properties: { all: { type: array, items: { type: string } } } }
requirements:
  - { id: all, says: All are there., check: { covers: params.all, in: '$.rows[*].id' } }
  - { id: many, says: As many as went in., check: { count: { min: 40, max: 40 }, in: '$.rows' } }
  - { id: once, says: None is there twice., check: { unique: true, in: '$.rows[*].text' } }
  - { id: cheap, says: All are cheap., check: { range: { max: 38 }, in: '$.rows[*].cost' } }
  - { id: sums, says: What went in came out., check: { reconcile: 'params.all.size() + 20', in: '$.rows' } }
  - { id: cel, says: One is dear., check: { cel: 'data.rows.exists(row, row.cost == 39)' } }
briefs:
  - { id: dig, run: [node, dig.mjs, '{{ one }}'], forEach: { in: params.all, as: one }, parse: json }
  - { id: again, run: [node, again.mjs], parse: json }
integrate:
  merge: { rows: { from: [dig, again], at: $.rows, key: id, conflicts: [prefer: dig] } }
`;
const ALL = Array.from({ length: 40 }, (_, n) => `v${n}`);
const NOTE = { reason: 'completed', units: 'ds', fans: { '0': 's'.repeat(ALL.length) } } as const;
const around = { keys: { dig: ALL }, params: { all: ALL } };

function ends(length: number): { readonly [label: string]: End } {
  const textOf = (n: number, by: string) => `${by} says ${n}. ${'x'.repeat(length)}`;
  const own = ALL.map((id, n): [string, End] => [
    `dig[${id}]`,
    { status: 'succeeded', value: { rows: [{ id, cost: n, text: textOf(n, 'dig') }] } },
  ]);
  const others = ALL.filter((_, n) => n % 2 === 0).map((id, n) => ({ id, text: textOf(n, 'again') }));
  return { ...Object.fromEntries(own), again: { status: 'succeeded', value: { rows: others } } };
}

async function integrated({ length = 200, widths }: { length?: number; widths?: Widths } = {}) {
  const { store, plan } = await recordRun(PLAN, ends(length), around);
  const input = { run: RUN, plan, note: NOTE, now: OPENED + 60_000 };
  const integrate = () => integrateRun(input, { ...effects(store), ...(widths && { widths }) });
  const result = await integrate();
  const read = (digest: string) => textOf(store, digest);
  const report = readReport(await read(result.report.json));
  return { store, plan, result, report, read, integrate };
}
const NARROW: Widths = { report: 4_000, part: 1_000 };
const blobsIn = (answer: Answer) =>
  (answer.apart ?? []).flatMap(({ parts }) => parts.map(({ digest }) => blobName(digest)));

describe('a wide answer', () => {
  it('keeps in the report what fits, and apart all the rest, as it would be without a bound', async () => {
    const { report, store } = await integrated({ widths: NARROW });
    const { answer } = report;
    expect(answer.apart!.map(({ at }) => at)).toContain('$.data.rows');
    expect(JSON.stringify(answer.data.rows).length).toBeLessThan(NARROW.report);
    for (const { parts, count } of answer.apart!)
      expect(parts.reduce((sum, part) => sum + part.count, 0)).toBe(count);
    const { report: without } = await integrated();
    expect(without.answer.apart).toBeUndefined();
    const whole = await wholeAnswer(store, answer);
    expect(canonical(whole as unknown as Json)).toBe(canonical(without.answer as unknown as Json));
  });

  it('is held against the whole by every check, and judged so', async () => {
    const { report, result } = await integrated({ widths: NARROW });
    const { report: without } = await integrated();
    const told = ({ answer }: typeof report) =>
      answer.requirements.map(({ id, status, evidence }) => [id, status, evidence]);
    expect(told(report)).toEqual(told(without));
    expect(told(report).map(([, status]) => status)).toEqual([
      ...['covered', 'covered', 'covered', 'contradicted', 'covered', 'covered'],
    ]);
    expect(result.status).toBe('partial');
  });

  it('is the same to the byte however often it is integrated, in parts no larger than asked', async () => {
    const { result, integrate, store, report } = await integrated({ widths: NARROW });
    const names = await store.list('blobs/');
    expect((await integrate()).answer).toBe(result.answer);
    expect(await store.list('blobs/')).toEqual(names);
    for (const name of blobsIn(report.answer))
      expect((await store.read(name))!.length).toBeLessThan(NARROW.part + 100);
  });

  it('says in every format how much of it lies apart, and how to get it', async () => {
    const { read, result, report } = await integrated({ widths: NARROW });
    const { count } = report.answer.apart!.find(({ at }) => at === '$.data.rows')!;
    const markdown = await read(result.report.markdown);
    expect(markdown).toContain(`${count} of 40 of \`answer.data.rows\``);
    expect(markdown).toContain(`\`muster result ${RUN.id} --apart FOLDER\``);
    expect(markdown).toContain('### rows: 40 items');
    expect(markdown).toContain('20 differences, of which');
    const html = await read(result.report.html!);
    expect(html).toContain(`${count} of 40 of <code>answer.data.rows</code>`);
    expect(html).toContain('<b>40</b> items');
    expect(html).toContain('<b>20</b> conflicts');
  });

  it('that fits nothing into its report still says that there are conflicts', async () => {
    const { read, result } = await integrated({ widths: { report: 0, part: 1_000 } });
    const markdown = await read(result.report.markdown);
    expect(markdown).toContain('20 differences, which all lie apart.');
    expect(markdown).not.toContain('Nowhere:');
  });
});

describe('what lies apart', () => {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });
  const musterOver = (store: Store) =>
    musterOn({ store, connect: () => Promise.reject(new Error('connection refused')) });
  /** More than a report holds. */
  const LONG = { length: 150_000 };

  it('is written whole, a file for each list, into a folder that is new', async () => {
    const { store } = await integrated(LONG);
    const folder = mkdtempSync(join(tmpdir(), 'muster-apart-'));
    folders.push(folder);
    const muster = musterOver(store);
    const stored = (await muster.result(RUN.id))!;
    expect(stored.report.answer.apart).toBeDefined();
    await muster.apart(stored, join(folder, 'whole'));
    expect(readdirSync(join(folder, 'whole'))).toContain('data.rows.jsonl');
    const lines = readFileSync(join(folder, 'whole', 'data.rows.jsonl'), 'utf8')
      .trimEnd()
      .split('\n');
    expect(lines.map((line) => JSON.parse(line).id)).toEqual(ALL);
    await expect(muster.apart(stored, join(folder, 'whole'))).rejects.toThrow(/holds something already/);
  });

  it('is in the tables, and so in the CSV, with those who said it', async () => {
    const { store } = await integrated(LONG);
    const muster = musterOver(store);
    const [table] = await muster.tables((await muster.result(RUN.id))!, { from: true });
    expect(table!.rows).toHaveLength(40);
    expect(table!.rows.every((cells) => (cells.at(-1) as readonly string[]).length > 0)).toBe(true);
    expect(csvOf(table!).trimEnd().split('\r\n')).toHaveLength(41);
  });

  it('stays as long as its run does, and goes with it, by the run’s own rules and by others', async () => {
    const { store, report } = await integrated(LONG);
    const muster = musterOver(store);
    const again = await muster.integrate(RUN.id, {
      integrate: { merge: { others: { from: ['dig'], at: '$.rows', key: 'cost' } } },
    });
    const named = [...blobsIn(report.answer), ...blobsIn(again.report.answer)];
    expect(new Set(named).size).toBeGreaterThan(blobsIn(report.answer).length);
    const clock = ticking();
    clock.pass(Date.now());
    await pruned({ runs: ['another'] }, effectsOn(store, clock));
    expect(await store.list('blobs/')).toEqual(expect.arrayContaining(named));
    await pruned({ runs: [RUN.first] }, effectsOn(store, clock));
    expect(await store.list('blobs/')).toEqual([]);
  });
});
