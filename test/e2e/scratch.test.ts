import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Place, place } from '../support/muster.js';

let here: Place;
beforeAll(async () => {
  here = place();
  await here.worker();
});
afterAll(() => here.close());

it('wide', async () => {
  here.write('n.mjs', 'const [n] = process.argv.slice(2); const f = JSON.parse(process.env.MUSTER_FINDINGS ?? "[]"); console.log(JSON.stringify({ id: n, v: (n === "7" || n === "900") && f.length === 0 ? 99 : 1, told: f.length }));');
  here.write('wide.json', {
    muster: 1, name: 'wide', brief: 'How much?',
    limits: { concurrency: 8 },
    requirements: [{ id: 'few', says: 'None is over 50.', check: { range: { max: 50 }, in: '$.rows[*].v' } }],
    briefs: [
      { id: 'a', forEach: { in: JSON.stringify(Array.from({ length: 950 }, (_, n) => `${n}`)), as: 'n' }, run: ['node', 'n.mjs', '{{ n }}'], parse: 'json' },
      { id: 'b', needs: ['a'], forEach: { in: JSON.stringify(Array.from({ length: 100 }, (_, n) => `${n}`)), as: 'n' }, run: ['node', 'n.mjs', '{{ n }}'], parse: 'json' },
    ],
    integrate: { merge: { rows: { from: ['a', 'b'], at: '$' } }, repair: { rounds: 2 } },
  });
  const ended = await here.muster('run', 'wide.json', '--id', 'wide');
  console.log(ended.code, ended.stdout.slice(-1500), ended.stderr.slice(-800));
  const { run } = JSON.parse((await here.muster('result', 'wide', '--json')).stdout);
  console.log(JSON.stringify(run.repairs), JSON.stringify(run.counts), run.tries);
  expect(ended.code).toBe(0);
});
