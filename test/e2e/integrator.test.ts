import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/core/integrate/report.js';
import { type AskedOf, modelServer } from '../support/model.js';
import { type Place, place } from '../support/muster.js';

let here: Place;
let model: Awaited<ReturnType<typeof modelServer>>;
let answer: (asked: AskedOf) => unknown;
beforeAll(async () => {
  here = place();
  model = await modelServer((asked) => answer(asked) as never);
  Object.assign(here.env, { OPENAI_BASE_URL: model.url });
  await here.worker();
});
afterAll(async () => {
  await here.close();
  await model.close();
});

const reportOf = async (id: string) =>
  JSON.parse((await here.muster('result', id, '--json')).stdout) as Report;

/** Says what it is told, and heeds what was found wrong with it. */
const COUNT = `
const [city, wrong] = process.argv.slice(2);
const found = JSON.parse(process.env.MUSTER_FINDINGS ?? '[]');
const parks = found.length > 0 ? { oslo: 12, porto: 31 }[city] : Number(wrong);
console.log(JSON.stringify({ city, parks, told: found.length }));
`;
const counting = (repair: object, wrong: object) => ({
  muster: 1,
  name: 'parks',
  brief: 'How many parks have the cities?',
  inputs: { register: { glob: 'register.txt' } },
  requirements: [
    { id: 'few', says: 'No city has over 50 parks.', check: { range: { max: 50 }, in: '$.cities[*].parks' } },
  ],
  params: { type: 'object', properties: { cities: { type: 'array' } }, default: {} },
  briefs: [
    {
      id: 'count',
      forEach: { in: JSON.stringify(Object.keys(wrong)), as: 'city' },
      run: [
        'node',
        'count.mjs',
        '{{ city }}',
        '{{ city | replace: "oslo", "12" | replace: "porto", "310" }}',
      ],
      parse: 'json',
    },
    {
      id: 'sum',
      needs: ['count'],
      run: [
        'node',
        '-e',
        'process.stdin.on("data", (all) => console.log(JSON.parse(all).reduce((sum, one) => sum + one.output.parks, 0)))',
      ],
      stdin: { from: 'count.output' },
      parse: 'json',
    },
  ],
  integrate: {
    merge: { cities: { from: ['count'], at: '$', key: 'city' }, total: { from: ['sum'] } },
    ...repair,
  },
});

describe('what is found wrong with an answer', () => {
  it('goes back to who said it, with the findings; what was made from it is made once more, and nothing else is done again', async () => {
    here.write('count.mjs', COUNT);
    here.write('register.txt', 'x');
    here.write('parks.json', counting({ repair: { rounds: 2 } }, { oslo: 12, porto: 310 }));
    const ended = await here.muster('run', 'parks.json', '--id', 'repaired');
    expect(ended.stderr + ended.stdout).not.toMatch(/error/i);
    expect(ended.code).toBe(0);
    const { answer, run } = await reportOf('repaired');
    expect(answer.data).toMatchObject({
      cities: [
        { city: 'oslo', parks: 12, told: 0 },
        { city: 'porto', parks: 31, told: 1 },
      ],
      total: [43],
    });
    expect(run.repairs).toHaveLength(1);
    expect(run.repairs![0]).toMatchObject([{ label: 'count[porto]' }]);
    expect(run.repairs![0]![0]!.findings[0]).toMatch(/^No city has over 50 parks\. .*310/);
    expect(run.briefs.map(({ label, tries }) => `${label} ${tries}`)).toEqual([
      'count[oslo] 1',
      'count[porto] 2',
      'sum 2',
    ]);
  });

  it('is delivered and marked, where it is found wrong after all rounds', async () => {
    here.write('count.mjs', COUNT.replace('found.length > 0 ?', 'found.length > 9 ?'));
    here.write('stubborn.json', counting({ repair: { rounds: 2 } }, { oslo: 12, porto: 310 }));
    const ended = await here.muster('run', 'stubborn.json', '--id', 'stubborn');
    expect(ended.code).toBe(3);
    const { answer, run } = await reportOf('stubborn');
    expect(answer.requirements).toMatchObject([{ status: 'contradicted', at: ['$.cities[1].parks'] }]);
    expect(run.repairs).toHaveLength(2);
    expect(run.briefs.map(({ tries }) => tries)).toEqual([1, 3, 3]);
  });
});

it('what a brief had delivered stands where it fails when it is carried out once more', async () => {
  here.write(
    'count.mjs',
    COUNT.replace('const found', 'if (process.env.MUSTER_FINDINGS) process.exit(7);\nconst found'),
  );
  const defaults = { retry: { attempts: 1 } };
  const plan = counting({ repair: { rounds: 1 } }, { oslo: 12, porto: 310 });
  here.write('worse.json', { ...plan, onFailure: 'stop', defaults });
  const ended = await here.muster('run', 'worse.json', '--id', 'worse');
  expect(ended.code).toBe(3);
  const { answer, run } = await reportOf('worse');
  expect(answer.missing).toEqual([]);
  expect(answer.data).toMatchObject({ cities: [{ parks: 12 }, { parks: 310 }], total: [322] });
  expect(answer.ledger[1]!.reason!.message).toMatch(/^What it had delivered stands: .*exit code 7/);
  expect(run.ending).toBe('completed');
});

const written = {
  muster: 1,
  name: 'written',
  brief: 'Which city has most parks?',
  models: { default: 'writer-1', capable: 'judge-1' },
  requirements: [{ id: 'names', says: 'One city is named.', check: { judge: 'capable' } }],
  briefs: ['oslo', 'porto'].map((city, n) => ({
    id: city,
    run: ['node', '-e', `console.log(JSON.stringify({ city: "${city}", parks: ${n === 0 ? 12 : 31} }))`],
    parse: 'json',
  })),
  integrate: {
    merge: { cities: { from: ['oslo', 'porto'], at: '$', key: 'city' } },
    synthesize: { sections: [{ title: 'Most' }, { title: 'Fewest', ask: 'Which has fewest?' }] },
  },
};
const says = (text: string, ...cites: readonly string[]) => ({
  paragraphs: [{ sentences: [{ text, cites }] }],
});
function writes({ text, model }: AskedOf): unknown {
  if (model === 'judge-1') {
    const entries = [...text.split('## Statements\n')[1]!.matchAll(/^([abcd]): (.*)$/gm)].map(
      ([, id, statement]) => {
        const words = /^The work has these words: (.*)$/.exec(statement!)?.[1];
        const holds =
          words === undefined
            ? !statement!.startsWith('It is not so')
            : text.slice(text.indexOf(': the work')).includes(words);
        return [id, { holds, finding: 'Porto is named.', quotes: ['porto has 31 parks'] }];
      },
    );
    return Object.fromEntries(entries);
  }
  if (text.includes('## The section\nFewest')) return says('oslo has 12 parks.', 'oslo');
  return text.includes('found wrong with it')
    ? says('porto has 31 parks.', 'porto')
    : says('porto has 37 parks.', 'porto');
}

describe('an answer in words, through the whole product', () => {
  it('is written, mended and judged by models over HTTP; the report tells what that took', async () => {
    answer = writes;
    model.asked.length = 0;
    here.write('written.json', written);
    const ended = await here.muster('run', 'written.json', '--id', 'written');
    expect(ended.code, ended.stdout + ended.stderr).toBe(0);
    const { answer: found, run } = await reportOf('written');
    expect(found.prose!.sections.map(({ paragraphs }) => paragraphs[0]![0]!.text)).toEqual([
      'porto has 31 parks.',
      'oslo has 12 parks.',
    ]);
    expect(found.requirements).toMatchObject([{ status: 'covered' }]);
    expect(run.integrator).toMatchObject({
      questions: 4,
      tries: 4,
      models: ['judge-1-served', 'writer-1-served'],
    });
    expect(run.usage!.inputTokens).toBe(run.integrator!.usage!.inputTokens);
    expect(model.asked).toHaveLength(4);
  });

  it('asks nobody again what was answered before the worker was killed', async () => {
    const other = place();
    Object.assign(other.env, { OPENAI_BASE_URL: model.url });
    try {
      const worker = await other.worker();
      model.asked.length = 0;
      let release: () => void = () => undefined;
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      let hung = 0;
      answer = async (asked) => {
        if (asked.model === 'judge-1' && hung++ === 0) await released;
        return writes(asked);
      };
      other.write('written.json', written);
      await other.muster('start', 'written.json', '--id', 'killed');
      await expect
        .poll(() => model.asked.filter(({ model }) => model === 'judge-1').length, { timeout: 60_000 })
        .toBe(1);
      worker.kill('SIGKILL');
      await other.worker();
      const muster = await other.library();
      await expect
        .poll(async () => (await muster.result('killed'))?.report.run.status, { timeout: 120_000 })
        .toBe('complete');
      release();
      const by = (name: string) => model.asked.filter(({ model }) => model === name).length;
      expect([by('writer-1'), by('judge-1')]).toEqual([3, 2]);
    } finally {
      await other.close();
    }
  });
});
