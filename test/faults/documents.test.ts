import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { executions, type Place, place } from '../support/muster.js';
import { answerOf, byBrief, recorded } from '../support/waves.js';

const folder = join(process.env.MUSTER_DATA ?? '', 'eips');
const given = process.env.MUSTER_DATA !== undefined;

const places: Place[] = [];
async function here(): Promise<Place> {
  const one = place();
  places.push(one);
  await one.worker();
  return one;
}
afterEach(async () => {
  for (const one of places.splice(0)) await one.close();
});

/** Says what a document is like, and on which ones it rests, as those that it requires have told; notes that it does. */
const ANALYSIS = `
import { appendFileSync, readFileSync } from 'node:fs';
const [log, brief, path] = process.argv.slice(2);
const { MUSTER_IDEMPOTENCY_KEY: key, MUSTER_TRY } = process.env;
appendFileSync(log, JSON.stringify({ brief, key, try: MUSTER_TRY }) + '\\n');
const required = JSON.parse(readFileSync(0, 'utf8'));
const text = readFileSync(path, 'utf8');
const said = {
  brief,
  words: text.match(/\\p{L}+/gu).length,
  sections: text.match(/^#+ /gm)?.length ?? 0,
  level: 1 + Math.max(0, ...required.map(({ level }) => level)),
  rests: [...new Set(required.flatMap(({ brief, rests }) => [brief, ...rests]))].sort(),
};
setTimeout(() => console.log(JSON.stringify(said)), 200);
`;

/** Documents by brief, each with the briefs of those that its front matter requires. */
function documents(): ReadonlyMap<string, readonly string[]> {
  const idOf = (number: string) => `eip_${number.trim()}`;
  const all = readdirSync(folder).map((name) => {
    const [, front = ''] = readFileSync(join(folder, name), 'utf8').split(/^---$/m);
    const required = /^requires: (.+)$/m.exec(front)?.[1]?.split(',').map(idOf) ?? [];
    return [idOf(name.slice('eip-'.length, -'.md'.length)), required] as const;
  });
  return new Map(all);
}

function planOf(at: Place, all: ReadonlyMap<string, readonly string[]>): string {
  at.write('analysis.mjs', ANALYSIS);
  at.write('log', '');
  const ids = [...all.keys()];
  return at.write('plan.json', {
    muster: 1,
    name: 'eips',
    brief: 'What is each document like, and on which others does it rest?',
    requirements: [
      { id: 'all', says: 'All are there.', check: { count: { min: ids.length }, in: '$.documents[*]' } },
    ],
    limits: { concurrency: 4 },
    defaults: { heartbeat: '2s', timeout: '1m', parse: 'json' },
    briefs: [...all].map(([id, needs]) => ({
      id,
      needs,
      run: ['node', 'analysis.mjs', 'log', id, join(folder, `${id.replace('_', '-')}.md`)],
      stdin: { from: `[${needs.map((need) => `${need}.output`).join(', ')}]` },
    })),
    integrate: { merge: { documents: { from: ids, at: '$', key: 'brief' } } },
  });
}

/** Everything that a document rests on, told by the edges alone. */
function rests(all: ReadonlyMap<string, readonly string[]>, id: string): readonly string[] {
  const found = new Set<string>();
  const follow = (one: string) => {
    for (const need of all.get(one) ?? []) if (!found.has(need)) follow(found.add(need) && need);
  };
  follow(id);
  return [...found].sort();
}

const begun = (at: Place) => byBrief(executions(at.read('log')));

/** How often each brief has begun, by whether its outcome is on record. */
function standing(at: Place): Record<'done' | 'onTheirWay', ReadonlyMap<string, number>> {
  const done = recorded(at);
  const all = [...begun(at)].map(([brief, runs]) => [brief, runs.length] as const);
  return {
    done: new Map(all.filter(([brief]) => done.has(brief))),
    onTheirWay: new Map(all.filter(([brief]) => !done.has(brief))),
  };
}

/** Kills the worker when `many` briefs are on record and others are on their way. @returns those on record, then */
async function killAt(at: Place, worker: { kill(signal: 'SIGKILL'): boolean }, many: number) {
  const underWay = () => {
    const { done, onTheirWay } = standing(at);
    return done.size >= many && onTheirWay.size > 0;
  };
  await expect.poll(underWay, { timeout: 120_000, interval: 20 }).toBe(true);
  worker.kill('SIGKILL');
  const { done, onTheirWay } = standing(at);
  expect(onTheirWay.size, 'some were in flight').toBeGreaterThan(0);
  return done;
}

it.runIf(given)(
  '144 documents and what they require: 14 waves, and the same answer after two kills of the worker, nothing recorded run again',
  async () => {
    const all = documents();
    expect([all.size, [...all.values()].flat().length]).toEqual([144, 165]);

    const calm = await here();
    const { code, stderr } = await calm.muster('run', planOf(calm, all), '--id', 'calm-documents');
    expect(code, stderr).toBe(0);
    const { answer, run } = JSON.parse((await calm.muster('result', 'calm-documents', '--json')).stdout);
    expect(run.waves).toHaveLength(14);
    const said = answer.data.documents as readonly {
      brief: string;
      level: number;
      rests: readonly string[];
    }[];
    expect(Math.max(...said.map(({ level }) => level))).toBe(14);
    expect(new Map(said.map((one) => [one.brief, one.rests]))).toEqual(
      new Map([...all.keys()].map((id) => [id, rests(all, id)])),
    );

    const stormy = place();
    places.push(stormy);
    const first = await stormy.worker();
    expect((await stormy.muster('start', planOf(stormy, all), '--id', 'stormy-documents')).code).toBe(0);
    const atFirst = await killAt(stormy, first, 40);
    const atSecond = await killAt(stormy, await stormy.worker(), Math.max(90, atFirst.size + 10));
    await stormy.worker();
    expect((await stormy.muster('watch', 'stormy-documents')).code).toBe(0);

    const { digest, ledger } = await answerOf(stormy, 'stormy-documents');
    expect(digest).toBe(run.answer);
    expect(ledger).toHaveLength(144);
    expect(ledger.every(({ status }) => status === 'succeeded')).toBe(true);
    const ran = begun(stormy);
    for (const [brief, times] of [...atFirst, ...atSecond]) expect(ran.get(brief), brief).toHaveLength(times);
    const repeated = [...ran].filter(([, runs]) => runs.length > 1);
    expect(repeated.length).toBeGreaterThan(0);
    for (const [brief, runs] of repeated) {
      expect(new Set(runs.map(({ key }) => key)).size, `${brief} kept its key`).toBe(1);
      expect(new Set(runs.map((one) => one.try)), 'a killed worker costs no try').toEqual(new Set(['1']));
    }
  },
);
if (!given) console.log('MUSTER_DATA is not set: the 144 documents were not analysed under kill -9.');
