import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { endOfRun, type Place, place } from '../support/muster.js';

let here: Place;
afterEach(() => here.close());

const COUNT = 800;
const FUNCTIONS = `
export const numbers = ({ input }) => Array.from({ length: input }, (_, n) => ({ n }));
export const say = ({ input: { n } }) => ({ rows: [{ name: 'row ' + (n >> 1), by: n % 2, text: ('says ' + n + ', ').repeat(3_000) }] });
`;
const PLAN = `
muster: 1
name: wide
brief: Say much.
requirements:
  - { id: all, says: All are there., check: { count: { min: ${COUNT / 2}, max: ${COUNT / 2} }, in: '$.rows' } }
params: { type: object, properties: { count: { type: integer } } }
limits: { concurrency: 50 }
defaults: { heartbeat: 5s }
briefs:
  - { id: numbers, call: numbers, stdin: { from: params.count } }
  - id: dig
    needs: [numbers]
    forEach: { in: numbers.output, key: string(item.n), max: ${COUNT} }
    call: say
    stdin: { from: item }
integrate:
  merge: { rows: { from: [dig], at: $.rows, key: name } }
`;

it('an answer of 30 MB is the same when the worker is killed -9 while it is set apart, and is written out whole', async () => {
  here = place();
  here.env.MUSTER_FUNCTIONS = here.write('functions.mjs', FUNCTIONS);
  const plan = here.write('plan.yaml', PLAN);
  const tag = randomBytes(4).toString('hex');
  const start = async (id: string) =>
    expect((await here.muster('start', plan, '--id', id, '--param', `count=${COUNT}`)).code).toBe(0);
  const parts = () => partsIn(join(here.folder, 'home', 'store', 'blobs'));

  const first = await here.worker();
  await start(`killed-${tag}`);
  const died = new Promise((resolve) => first.once('exit', resolve));
  while (parts() < 3) await sleep(5);
  first.kill('SIGKILL');
  await died;
  const left = parts();
  const muster = await here.library();
  expect(await muster.result(`killed-${tag}`)).toBeUndefined();

  await here.worker();
  const killed = await endOfRun(here, `killed-${tag}`);
  const { apart = [], requirements } = killed.answer;
  expect(parts()).toBeGreaterThan(left);
  expect(requirements).toMatchObject([{ status: 'covered' }]);
  await start(`calm-${tag}`);
  const calm = await endOfRun(here, `calm-${tag}`);
  expect(calm.run.answer).toBe(killed.run.answer);
  expect(apart.map(({ at }) => at)).toEqual(expect.arrayContaining(['$.data.rows', '$.conflicts']));

  const folder = join(here.folder, 'whole');
  expect((await here.muster('result', `killed-${tag}`, '--apart', folder)).code).toBe(0);
  const lines = (name: string) => readFileSync(join(folder, name), 'utf8').trimEnd().split('\n');
  expect(lines('data.rows.jsonl').map((line) => JSON.parse(line).name)).toEqual(
    Array.from({ length: COUNT / 2 }, (_, n) => `row ${n}`),
  );
  expect(lines('conflicts.jsonl')).toHaveLength(COUNT);
  const csv = (await here.muster('result', `killed-${tag}`, '--format', 'csv')).stdout;
  expect(csv.trimEnd().split('\r\n')).toHaveLength(COUNT / 2 + 1);
  const again = await here.muster('result', `killed-${tag}`, '--apart', folder);
  expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('holds something already') });
});

/** Parts of an answer that lie in a store by now. */
function partsIn(blobs: string): number {
  const folders = readdirIf(blobs);
  return folders.flatMap((folder) => readdirIf(join(blobs, folder))).length - NOT_PARTS;
}
/** The plan. */
const NOT_PARTS = 1;

function readdirIf(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
