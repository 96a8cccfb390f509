import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { resolve } from 'node:path';
import { LLMock } from '@copilotkit/aimock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Views } from '../../src/core/outcome/several.js';
import { carriedOut, exampleAt, pageAt, placeWithoutModels, reportOf, runOwn } from '../support/examples.js';
import type { Place } from '../support/muster.js';
import { faultsOf, itInBrowser } from '../support/page.js';

interface Finding {
  readonly statement: string;
  readonly quote: string;
  readonly source: string;
}

let here: Place;
beforeEach(() => {
  here = placeWithoutModels();
});
afterEach(() => here.close());

const research = (...args: readonly string[]) => runOwn(here, 'research', args);
const simulated = (id: string) => reportOf(here, id, 'home-simulated');

const inOneLine = (text: string) => text.replace(/\s+/g, ' ');
const textOf = (source: string) => inOneLine(readFileSync(resolve(exampleAt('research'), source), 'utf8'));

/** Whether anybody listens there. */
const listens = (port: number) =>
  new Promise<boolean>((done) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', () => done(false));
  });

describe('research without a key', () => {
  it('is answered from the documents word for word, and is labelled as simulated wherever its answer is shown', async () => {
    const { code, stdout, stderr } = await research('--id', 'asked');
    expect(code, stderr).toBe(0);
    const { report, markdown } = simulated('asked');
    const { data } = report.answer;
    const findings = data.findings as unknown as readonly Finding[];
    expect(findings.length).toBeGreaterThan(3);
    for (const { quote, source } of findings) expect(textOf(source), source).toContain(quote);
    const because = data.because as unknown as readonly Finding[];
    expect(data.answer).toEqual([because[0]!.quote]);
    for (const { quote } of because) expect(findings.map((finding) => finding.quote)).toContain(quote);
    const [inShort] = report.answer.prose!.sections;
    const sentences = inShort!.paragraphs.flat();
    expect(sentences.length).toBe(3);
    for (const { text, cites } of sentences) {
      expect(findings.map(({ quote }) => quote)).toContain(text);
      expect(cites.every((label) => /^dig\[/.test(label))).toBe(true);
    }
    const topics = report.answer.ledger.flatMap(({ brief, key }) => (brief === 'dig' ? [key!] : []));
    expect(topics).toHaveLength(5);
    for (const topic of topics)
      expect(findings.some(({ quote }) => quote.toLowerCase().includes(topic))).toBe(true);

    expect(stdout).toContain('answered by    simulated-extractive (8 briefs), simulated');
    expect(report.run.models).toEqual([{ model: 'simulated-extractive', briefs: 8, simulated: true }]);
    expect(report.answer.brief).toContain('What happens to recorded work when a worker is killed?');
    expect(markdown.indexOf('**Simulated**: 8 of the 8 briefs')).toBeGreaterThan(0);
    expect(markdown.indexOf('**Simulated**')).toBeLessThan(markdown.indexOf('###'));
  });

  it('is weighed from three sides and voted on in three ways; who differs is named', async () => {
    here.write(
      'a.md',
      'Sleeping whales rest one half of their brain while drifting. Sleeping whales breathe when drifting upward slowly. ' +
        'Drifting whales teach their young ones songs.\n',
    );
    here.write('b.md', 'Gardens full of apples need patient people every autumn.\n');
    const params = [
      '--param',
      'question=Where do sleeping whales dream?',
      '--param',
      `folder=${here.folder}`,
    ];
    const { code, stderr } = await research('--id', 'weighed', ...params);
    expect(code, stderr).toBe(0);
    const { answer } = simulated('weighed').report;
    const row = (id: string) => answer.ledger.find(({ brief }) => brief === id)!;
    const { views } = row('weigh').several as Views;
    expect(views.map(({ name }) => name)).toEqual(['supporter', 'sceptic', 'practitioner']);
    // The sceptic alone sees what is open, and the strict one alone minds it.
    expect(answer.data.open).toEqual(['No finding says “where”.', 'No finding says “dream”.']);
    expect(answer.data.answered).toEqual(['yes']);
    expect(row('verdict').voted).toMatchObject({
      candidates: [
        { value: 'yes', by: [2, 3] },
        { value: 'partly', by: [1] },
      ],
    });
    // What two sides hold, of what was found.
    const quotes = (name: string) =>
      (answer.data[name] as unknown as readonly Finding[]).map((one) => one.quote);
    expect(quotes('holds')).toHaveLength(3);
    expect(quotes('findings')).toEqual(expect.arrayContaining([...quotes('holds')]));
  });

  itInBrowser('shows its report on a page that keeps nobody out', async (browser) => {
    expect((await research('--id', 'seen')).code).toBe(0);
    expect(await faultsOf(browser, pageAt(here, 'seen', 'home-simulated'))).toEqual([]);
  });

  it('leaves nothing running, and a re-run that carries out no brief is labelled all the same, and again', async () => {
    await research('--id', 'first');
    const port = Number(here.read('home-simulated/model-port'));
    const { state, workerPid, serverPid } = JSON.parse(here.read('home-simulated/supervisor.json'));
    expect([state, await listens(port)]).toEqual(['stopped', false]);
    for (const pid of [workerPid, serverPid].filter(Boolean)) expect(() => process.kill(pid, 0)).toThrow();

    for (const [base, id] of [
      ['first', 'second'],
      ['second', 'third'],
    ] as const) {
      const { code, stdout, stderr } = await research('rerun', base, '--id', id);
      expect(code, stderr).toBe(0);
      expect(stdout).toContain('answered by    simulated-extractive (8 briefs), simulated');
      const { report } = simulated(id);
      expect(carriedOut(report)).toEqual([]);
      expect(report.run.answer).toBe(simulated('first').report.run.answer);
    }
  });

  it('of documents that do not speak of the question finds nothing, and says so instead of making something up', async () => {
    here.write(
      'a.md',
      'Apples grow on trees in many gardens. Pears are picked in autumn by patient people.\n',
    );
    const params = ['--param', 'question=Which turbine spins quickest?', '--param', `folder=${here.folder}`];
    const { code } = await research('--id', 'nothing', ...params);
    expect(code).toBe(1);
    const { report } = simulated('nothing');
    expect(report.answer.data).toEqual({
      ...{ answered: [], answer: [], because: [], holds: [], open: [], findings: [] },
    });
    expect(report.answer.missing.map(({ brief }) => brief)).toContain('explore');
    expect(report.run.models).toBeUndefined();
  });
});

describe('research with a model', () => {
  let mock: LLMock;
  const MODEL = 'thinker-1';
  const said = (value: object) => ({ content: JSON.stringify(value), model: MODEL });
  beforeEach(async () => {
    mock = new LLMock({ port: 0 });
    await mock.start();
    Object.assign(here.env, { OPENAI_BASE_URL: `${mock.url}/v1`, OPENAI_API_KEY: 'sk-x' });
    here.write('a.md', 'Whales sleep\nwith half of the brain. They breathe air.\n');
  });
  afterEach(() => mock.stop());

  it('asks that model, is not labelled, and takes no quote that is made up', async () => {
    const good: Finding = {
      statement: 'They sleep by halves.',
      quote: 'Whales sleep with half of the brain.',
      source: `${here.folder}/a.md`,
    };
    mock.onMessage(/Name the topics/, said({ topics: ['sleep', 'dreams', 'songs'] }));
    mock.onMessage(/Topic: sleep/, said({ findings: [good] }));
    mock.onMessage(/Topic: dreams/, said({ findings: [{ ...good, quote: 'Whales dream of krill.' }] }));
    mock.onMessage(/Topic: songs/, said({ findings: [{ ...good, source: '/etc/hostname' }] }));
    const { quote, source } = good;
    const holds = [{ quote, source }];
    mock.onMessage(/## Viewpoint/, said({ holds, open: [] }));
    mock.onMessage(/## Views/, said({ holds, open: ['dreams'] }));
    const verdict = { answer: 'By halves.', because: holds };
    mock.onMessage(/Be strict/, said({ answered: 'partly', ...verdict }));
    mock.onMessage(/Be (fair|practical)/, said({ answered: 'yes', ...verdict }));
    const paragraphs = [
      {
        sentences: [
          { text: quote, cites: ['dig[sleep]'] },
          { text: 'They sleep 9 hours.', cites: ['dig[sleep]'] },
        ],
      },
    ];
    mock.onMessage(/in a few sentences, from/, said({ paragraphs }));
    const { code, stdout } = await research('--id', 'real', '--param', `folder=${here.folder}`);
    expect(code).toBe(3);
    const { report, markdown } = reportOf(here, 'real');
    expect(report.run.models).toEqual([{ model: MODEL, briefs: 4 }]);
    expect(stdout + markdown).not.toMatch(/simulated/i);
    expect(stdout).toContain('answered by    thinker-1 (4 briefs)');
    expect(report.answer.data).toMatchObject({
      ...{ answered: ['yes'], answer: ['By halves.'], holds, open: ['dreams'], findings: [good] },
    });
    expect(report.answer.missing.map(({ key, status }) => [key, status])).toEqual([
      ['dreams', 'missing'],
      ['songs', 'missing'],
    ]);
    expect(report.answer.prose!.sections).toMatchObject([
      { paragraphs: [[{ text: quote }]], rejected: [{ text: 'They sleep 9 hours.' }] },
    ]);
    const told = JSON.stringify(mock.getRequests().map(({ body }) => body));
    expect(told).toContain('does not say, word for word: Whales dream of krill.');
  });
});
