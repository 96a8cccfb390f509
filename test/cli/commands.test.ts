import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { surroundings } from '../../src/adapters/folder.js';
import { plan } from '../../src/cli/commands/plan.js';
import { run, start } from '../../src/cli/commands/run.js';
import { cancel, list, result, status, watch } from '../../src/cli/commands/runs.js';
import type { Context } from '../../src/cli/context.js';
import { wordsFor } from '../../src/cli/wordsFor.js';
import type { Muster, RunReport } from '../../src/client.js';
import type { RunView } from '../../src/core/explain/runView.js';
import { Failure } from '../../src/core/outcome/failure.js';
import { compile } from '../../src/core/plan/compile.js';
import { Unreachable } from '../../src/temporal/unreachable.js';
import { ended, fakeContext, fakeScreen, finger, running, storedReport } from './fakes.js';

const PLAN = `
muster: 1
name: survey
brief: Which?
params: { type: object, properties: { vendors: { type: array, items: { type: string } }, most: { type: integer, default: 3 } } }
briefs:
  - { id: a, run: [node, -e, '1'], estimate: 5s }
  - { id: b, needs: [a], run: [node, -e, '{{ a.output }}'], estimate: 5s }
`;

let folder: string;
const file = (name: string) => join(folder, name);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-cli-'));
  writeFileSync(file('plan.yaml'), PLAN);
  writeFileSync(file('bad.yaml'), PLAN.replace('needs: [a]', 'needs: [aa]'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const check: Context['check'] = (source) => compile(source, surroundings());
type Started = Parameters<Muster['start']>[0];

/** A service on which one run goes through these views. */
function service(views: readonly RunView[], stored?: RunReport) {
  const started: Started[] = [];
  const muster: Partial<Muster> = {
    start: async (compiled, { id = 'f3a1' } = {}) => {
      started.push(compiled);
      return { id, first: 'x' };
    },
    async *views() {
      yield* views;
    },
    status: async (id) => (id === 'f3a1' ? views.at(-1) : undefined),
    result: async (id) => (id === 'f3a1' ? stored : undefined),
  };
  return { started, muster };
}

describe('muster run', () => {
  it.each([
    ['complete', 0],
    ['failed', 1],
    ['partial', 3],
    ['cancelled', 4],
  ] as const)(
    'ends a %s run with exit code %i, and its report in the folder asked for',
    async (how, code) => {
      const { muster } = service([running, ended(how)], storedReport(how));
      const out = file(how);
      const context = fakeContext(muster, { check });
      expect(await run(file('plan.yaml'), { out }, context)).toBe(code);
      expect(readFileSync(join(out, 'report.md'), 'utf8')).toBe('# Answer\n');
      expect(readFileSync(join(out, 'report.html'), 'utf8')).toBe('<h1>Answer</h1>\n');
      expect(JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')).run.status).toBe(how);
    },
  );

  it('starts nothing of a plan with problems, names them, and ends with 2', async () => {
    const calls: string[] = [];
    const context = fakeContext({}, { check, calls });
    expect(await run(file('bad.yaml'), {}, context)).toBe(2);
    expect(calls).toEqual([]);
    expect((context.screen as ReturnType<typeof fakeScreen>).said.progress[0]).toContain(
      '2 problems, nothing was started',
    );
  });

  it('gives a run that ended without a report the exit code 1, and the reason', async () => {
    const view: RunView = { ...ended('terminated'), failure: { type: 'TERMINATED', message: 'by hand' } };
    const screen = fakeScreen();
    expect(await run(file('plan.yaml'), {}, fakeContext(service([view]).muster, { check, screen }))).toBe(1);
    expect(screen.said.progress.join('\n')).toContain('TERMINATED: by hand');
    expect(screen.said.progress.join('\n')).toContain('muster result f3a1 --salvage');
  });

  it('leaves at once where it is told to detach, with 6', async () => {
    const screen = fakeScreen();
    expect(
      await run(
        file('plan.yaml'),
        { detach: true },
        fakeContext(service([running]).muster, { check, screen }),
      ),
    ).toBe(6);
    expect(screen.said.answers[0]).toBe('survey f3a1 goes on without you.');
  });

  it('ends with 6 where ctrl-C left the run to itself, and closes what it opened', async () => {
    const ctrlC = finger();
    const calls: string[] = [];
    const { muster } = service([]);
    const watched: Partial<Muster> = {
      ...muster,
      async *views(_id, { signal } = {}) {
        yield running;
        ctrlC.press();
        while (!signal?.aborted) {
          yield running;
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      },
    };
    expect(
      await run(
        file('plan.yaml'),
        {},
        fakeContext(watched, { check, calls, onInterrupt: ctrlC.onInterrupt }),
      ),
    ).toBe(6);
    expect(calls).toEqual(['bringUp', 'close']);
  });

  it('has one object on standard output with --json: the report as it is stored', async () => {
    const stored = storedReport('complete');
    const screen = fakeScreen({ json: true });
    await run(
      file('plan.yaml'),
      { out: file('json') },
      fakeContext(service([ended('complete')], stored).muster, { check, screen }),
    );
    expect(screen.said.raw).toEqual([stored.json]);
    expect(screen.said.objects).toEqual([]);
  });

  it('tells a machine what changes, from the start to the end', async () => {
    const screen = fakeScreen({ events: true });
    await run(
      file('plan.yaml'),
      { out: file('ev') },
      fakeContext(service([running, ended('complete')], storedReport('complete')).muster, { check, screen }),
    );
    expect(screen.said.events.map((event) => (event as { event: string }).event)).toEqual([
      'started',
      'phase',
      'phase',
      'ended',
    ]);
  });

  it('gives the run the concurrency and the id that were asked for, and params typed by their schema', async () => {
    const { started, muster } = service([ended('complete')], storedReport('complete'));
    await start(
      file('plan.yaml'),
      { id: 'f3a1', concurrency: 3, param: ['vendors=temporal', 'vendors=dbos', 'most=5'] },
      fakeContext(muster, { check }),
    );
    expect(started[0]).toMatchObject({
      plan: { params: { vendors: ['temporal', 'dbos'], most: 5 }, limits: { concurrency: 3 } },
      graph: { concurrency: 3 },
    });
  });
});

it('muster start prints the id and nothing else', async () => {
  const screen = fakeScreen();
  expect(await start(file('plan.yaml'), {}, fakeContext(service([]).muster, { check, screen }))).toBe(0);
  expect(screen.said.answers).toEqual(['f3a1']);
});

describe('muster plan', () => {
  it('explains without a service', async () => {
    const screen = fakeScreen();
    expect(await plan(file('plan.yaml'), {}, fakeContext({}, { check, screen }))).toBe(0);
    expect(screen.said.answers.join('\n')).toBe(
      [
        'survey · 2 briefs · 2 waves',
        '',
        ' wave 1  a   about 5 s',
        ' wave 2  b   about 5 s · waits for a',
        '',
        ' longest path   a → b · 10 s estimated',
        ' in sequence    10 s · in parallel (10) 10 s',
        ' worth it       no: Nothing in it can run side by side: in sequence it is as',
        '                fast. Overhead about 0.1 s.',
        ' tries          2 to 6',
        ' conflicts      none · 0 warnings',
      ].join('\n'),
    );
  });

  it('draws the simulated schedule into a new file, and writes over none', async () => {
    const picture = file('schedule.svg');
    const draw = (options: object) => plan(file('plan.yaml'), options, fakeContext({}, { check }));
    expect(await draw({ simulate: true, picture })).toBe(0);
    const svg = readFileSync(picture, 'utf8');
    expect(svg).toMatch(/^<svg /);
    await expect(draw({ simulate: true, picture })).rejects.toThrow('Name a new file');
    expect(readFileSync(picture, 'utf8')).toBe(svg);
    await expect(draw({ picture: file('other.svg') })).rejects.toThrow('give both');
  });

  it('answers the three questions about two briefs', async () => {
    const screen = fakeScreen();
    expect(await plan(file('plan.yaml'), { pair: ['a', 'b'] }, fakeContext({}, { check, screen }))).toBe(0);
    expect(screen.said.answers.join('\n')).toBe(
      [
        'a and b: sequence',
        '',
        ' no    Do both write the same, or hold the same?',
        " yes   Does one need the other's output?",
        '       b needs a',
        ' no    Does one use what the other has yet to make?',
        '',
        ' `b` needs `a`, so it starts after it.',
      ].join('\n'),
    );
  });
});

describe('runs that were started before', () => {
  it('list, status and result start nothing', async () => {
    const calls: string[] = [];
    const entry = { id: 'f3a1', first: 'x', plan: 'x', name: 'survey', brief: 'Which?', openedAt: 0 };
    const { muster } = service([ended('complete')], storedReport('complete'));
    const context = fakeContext({ ...muster, list: async () => [entry] }, { calls, home: folder });
    expect(await list(context)).toBe(0);
    expect(await status(undefined, context)).toBe(0);
    expect(await result('f3a1', {}, context)).toBe(0);
    expect(calls).not.toContain('bringUp');
  });

  it('result prints the page with --format html', async () => {
    const screen = fakeScreen();
    const { muster } = service([ended('complete')], storedReport('complete'));
    await result('f3a1', { format: 'html', out: file('page') }, fakeContext(muster, { screen }));
    expect(screen.said.raw).toEqual(['<h1>Answer</h1>\n']);
  });

  it('result of a report that was stored before there were pages names none, leaves none, and says what to read instead', async () => {
    const { html: _, ...stored } = storedReport('complete');
    const screen = fakeScreen();
    const context = fakeContext(service([ended('complete')], stored).muster, { screen });
    const out = file('without');
    mkdirSync(out);
    writeFileSync(join(out, 'report.html'), 'of another run');
    await expect(result('f3a1', { format: 'html', out }, context)).rejects.toThrow(
      'The report of f3a1 was stored before Muster made report.html. Read it as text: muster result f3a1 --format md',
    );
    expect(readdirSync(out)).toEqual(['report.html']);
    expect(await result('f3a1', { out }, context)).toBe(0);
    expect(readdirSync(out).sort()).toEqual(['report.json', 'report.md']);
    expect(screen.said.answers.join('\n')).not.toContain('report.html');
  });

  it('status of a run that goes on ends with 6, and says when no worker answers', async () => {
    const screen = fakeScreen();
    const { progress: _, ...silent } = { ...running, answered: false };
    expect(await status('f3a1', fakeContext(service([silent]).muster, { screen }))).toBe(6);
    expect(screen.said.answers.join('\n')).toContain('no worker answers');
  });

  it('watch brings up what an open run needs, and nothing for one that has ended', async () => {
    const open: string[] = [];
    await watch(
      'f3a1',
      { out: file('w1') },
      fakeContext(service([ended('partial')]).muster, { calls: open }),
    );
    expect(open).toContain('bringUp');
    const over: string[] = [];
    expect(
      await watch(
        'f3a1',
        { out: file('w2') },
        fakeContext(service([ended('partial')], storedReport('partial')).muster, { calls: over }),
      ),
    ).toBe(3);
    expect(over).toEqual(['close']);
  });

  it('cancel asks once, and does not ask a run that has ended', async () => {
    const asked: string[] = [];
    const cancelling = { cancel: async (id: string) => asked.push(id) > 0 };
    expect(await cancel('f3a1', fakeContext({ ...service([running]).muster, ...cancelling }))).toBe(0);
    const screen = fakeScreen();
    expect(
      await cancel(
        'f3a1',
        fakeContext(
          { ...service([ended('partial')], storedReport('partial')).muster, ...cancelling },
          { screen },
        ),
      ),
    ).toBe(0);
    expect(asked).toEqual(['f3a1']);
    expect(screen.said.answers[0]).toBe('survey f3a1 has ended already: partial.   muster result f3a1');
  });

  it('salvage refuses a run that may still go on', async () => {
    await expect(result('f3a1', { salvage: true }, fakeContext(service([running]).muster))).rejects.toThrow(
      'f3a1 is still running',
    );
  });

  it('salvage makes the report of a run that was terminated', async () => {
    let stored: ReturnType<typeof storedReport> | undefined;
    const { muster } = service([ended('terminated')]);
    const context = fakeContext(
      { ...muster, result: async () => stored, salvage: async () => (stored = storedReport('partial')) },
      { home: folder },
    );
    expect(await result('f3a1', { salvage: true }, context)).toBe(3);
  });

  it('a run that nobody knows is an input that will not do', async () => {
    await expect(status('nope', fakeContext(service([running]).muster))).rejects.toThrow(
      'No run is called nope. See which there are: muster list',
    );
  });
});

describe('what a command threw, in words', () => {
  it.each([
    [new Failure('InvalidInput', 'give another'), 2],
    [new Failure('StoreUnavailable', 'the disk is full'), 1],
    [new Unreachable('nobody answers'), 5],
    [Object.assign(new Error('14 UNAVAILABLE'), { name: 'ServiceError' }), 5],
  ])('%s', async (error, exit) => {
    const words = await wordsFor(error);
    expect(words.exit).toBe(exit);
    expect(words.lines.join('\n')).toContain(error.message);
    expect(words.lines.join('\n')).not.toContain('    at ');
  });

  it('a bug of ours says it is ours, with the file to send, and keeps its stack out of sight', async () => {
    process.env.MUSTER_HOME = folder;
    const { lines, exit } = await wordsFor(
      new TypeError('undefined is not a function', { cause: new Error('deeper') }),
    );
    expect(exit).toBe(1);
    expect(lines[0]).toBe("This is a bug of Muster's, not yours: undefined is not a function");
    expect(lines.join('\n')).not.toContain('    at ');
    const sent = readFileSync(/along: (.*)$/.exec(lines[1]!)![1]!, 'utf8');
    expect(sent).toContain('TypeError: undefined is not a function\n    at ');
    expect(sent).toContain('Caused by: Error: deeper');
  });

  it('a bug of ours tells no secret, on the terminal or in its file, whatever settings there are', async () => {
    process.env.MUSTER_HOME = folder;
    process.env.BUG_TOKEN = 'bug-token-1';
    try {
      for (const idle of ['15', 'soon']) {
        process.env.MUSTER_IDLE_MINUTES = idle;
        const error = new TypeError('no bug-token-1', { cause: new Error('bug-token-1 is deeper') });
        const { lines } = await wordsFor(error);
        const sent = readFileSync(/along: (.*)$/.exec(lines[1]!)![1]!, 'utf8');
        for (const text of [lines.join('\n'), sent]) {
          expect(text).not.toContain('bug-token-1');
          expect(text).toContain('[secret BUG_TOKEN]');
        }
      }
    } finally {
      delete process.env.BUG_TOKEN;
      delete process.env.MUSTER_IDLE_MINUTES;
    }
  });
});
