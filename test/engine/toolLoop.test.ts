import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/adapters/digest.js';
import { type LoopBegun, WAITING_MS } from '../../src/contracts/unit.js';
import type { JsonObject } from '../../src/core/outcome/canonical.js';
import { Failure } from '../../src/core/outcome/failure.js';
import { after, BEGINNING, carriedOut } from '../../src/core/outcome/toolLoop.js';
import type { Brief } from '../../src/core/plan/plan.js';
import type { AskWork, CallWork } from '../../src/core/plan/render.js';
import { unitGraph } from '../../src/core/plan/unitGraph.js';
import type { ClosingNote } from '../../src/core/schedule/closing.js';
import { integrateRun } from '../../src/engine/integrateRun.js';
import { makeCall } from '../../src/engine/loop/call.js';
import { takeTurn } from '../../src/engine/loop/turn.js';
import { storePlan } from '../../src/engine/plans.js';
import { beginPurse, openPurse, purseOf } from '../../src/engine/purses.js';
import { type Ended, runUnit } from '../../src/engine/runUnit.js';
import type { Effect, Task } from '../../src/ports/executor.js';
import type { Told, Tool } from '../../src/ports/tools.js';
import { readReport } from '../support/report.js';
import { effects as effectsOf, textOf } from './recordedRun.js';
import { planOf, type Setting, setting, untilStopped } from './setting.js';

const SEARCH: Tool = {
  name: 'search',
  description: 'Finds pages.',
  input: { type: 'object', properties: { query: { type: 'string' } }, required: ['query'] },
  by: { function: 'search' },
};
const READ: Tool = {
  name: 'files.read',
  description: 'Reads a file.',
  input: { type: 'object' },
  by: { server: 'files', tool: 'read' },
};
const BOUNDS = { turns: 5, calls: 6, parallel: 2 };

const asking = (more: Partial<Brief> = {}) =>
  planOf({ id: 'dig', executor: { kind: 'ask', text: 'Dig.' }, tools: { use: ['*'], ...BOUNDS }, ...more });

type Model = (work: AskWork, task: Task) => Effect | Promise<Effect>;
const wants = (...calls: readonly (readonly [name: string, input: JsonObject | string])[]): Effect => ({
  output: { text: 'Let me see.' },
  calls: calls.map(([name, input], n) => ({
    id: `c${n}`,
    name,
    input: typeof input === 'string' ? input : JSON.stringify(input),
  })),
  usage: { inputTokens: 10, outputTokens: 1, model: 'm-1' },
});
const answers = (text: string): Effect => ({
  output: { text },
  usage: { inputTokens: 10, outputTokens: 1, model: 'm-1' },
});

interface Loop extends Setting {
  /** Requests to the model, calls of functions and of servers. */
  readonly asked: Task<AskWork>[];
  readonly called: Task<CallWork>[];
  readonly read: Task[];
}

async function loop(
  plan: ReturnType<typeof planOf>,
  model: Model,
  {
    search = async () => ({ output: { value: 'found' } }),
    read = async () => ({ text: 'a file' }),
  }: { search?: (task: Task) => Promise<Effect>; read?: (task: Task) => Promise<Told> } = {},
): Promise<Loop> {
  const asked: Task<AskWork>[] = [];
  const called: Task<CallWork>[] = [];
  const reads: Task[] = [];
  const given = await setting(plan, async (task) => {
    if (task.work.kind === 'ask') {
      asked.push(task as Task<AskWork>);
      return model(task.work, task);
    }
    called.push(task as Task<CallWork>);
    return search(task);
  });
  const tools = {
    offered: async () => [SEARCH, READ],
    mcp: async (task: Task) => {
      reads.push(task);
      return { output: { value: { ...(await read(task)) } } };
    },
  };
  return { ...given, effects: { ...given.effects, tools }, asked, called, read: reads };
}

/** What the workflow does, one step after the other; `crash` says which steps are lost before they are told. */
async function carryOut(
  given: Loop,
  crash: (step: string) => boolean = () => false,
  holders = 0,
): Promise<Ended> {
  const { effects, lease, clock } = given;
  const lost = new Set<string>();
  const step = async (name: string, work: (attempt: number) => Promise<Ended & { calls?: number }>) => {
    for (let attempt = 1; ; attempt++) {
      const ended = await clock.until(work(attempt));
      if (ended.kind === 'again') clock.pass(ended.delayMs);
      else if (!lost.has(name) && crash(name)) lost.add(name);
      else return ended;
    }
  };
  const unit = (more: object = {}) => {
    const dispatch = ++holders;
    return (attempt: number) => runUnit(lease({ holder: { dispatch, attempt }, ...more }), effects);
  };
  for (;;) {
    const begun = await step('begin', unit());
    if (begun.kind !== 'within') return begun;
    const bounds = begun.result.loop as LoopBegun;
    let now: typeof BEGINNING | undefined = BEGINNING;
    let turns = 0;
    while (now) {
      turns = now.turn;
      const at = { number: bounds.try, turn: now.turn };
      const { lease: _, ...turn } = {
        lease,
        ...(await step(`turn ${turns}`, (attempt) =>
          takeTurn({ ...lease({ holder: { dispatch: 1, attempt } }), ...at }, effects),
        )),
      };
      if (turn.kind !== 'ended' || turn.result.status !== 'succeeded') break;
      for (let call = 1; call <= carriedOut(bounds, now, turn.calls!); call++)
        await step(`turn ${turns} call ${call}`, (attempt) =>
          makeCall({ ...lease({ holder: { dispatch: 1, attempt } }), ...at, call }, effects),
        );
      now = after(bounds, now, turn.calls!);
    }
    const over = { try: bounds.try, since: clock.now(), turns };
    const end = () => {
      const holder = { dispatch: ++holders, attempt: 1 };
      return clock.until(runUnit(lease({ holder, loop: over }), effects));
    };
    let ended = await end();
    while (ended.kind === 'again' && ended.held) {
      clock.pass(ended.delayMs);
      ended = await end();
    }
    if (ended.kind !== 'again') return ended;
    clock.pass(ended.delayMs);
  }
}

const toldOf = ({ messages }: AskWork) => messages.filter(({ role }) => role === 'tool');

describe('a model with tools', () => {
  it('is told what came of its calls, in their order, and its answer is the output', async () => {
    const given = await loop(asking(), ({ messages }) =>
      messages.length === 2
        ? wants(['search', { query: 'cost' }], ['files_read', { path: 'a' }])
        : answers('It costs 3.'),
    );
    expect(await carryOut(given)).toMatchObject({ kind: 'ended', result: { status: 'succeeded' } });
    const [first, second] = given.asked;
    expect(first!.work.tools!.map(({ name }) => name)).toEqual(['search', 'files_read']);
    expect(second!.work.messages.slice(2)).toMatchObject([
      { role: 'assistant', content: 'Let me see.', calls: [{ id: 'c0' }, { id: 'c1' }] },
      { role: 'tool', of: 'c0', content: expect.stringMatching(/^<<< data \w+: result of search\nfound\n/) },
      { role: 'tool', of: 'c1', content: expect.stringMatching(/: result of files_read\na file\n/) },
    ]);
    expect(given.called[0]!.work).toMatchObject({ name: 'search', input: { query: 'cost' }, tool: true });
    expect(given.read[0]!.work).toMatchObject({ kind: 'mcp', server: 'files', tool: 'read' });
    const { final } = await given.state();
    expect(final).toMatchObject({
      try: 1,
      usage: { inputTokens: 20, outputTokens: 2, turns: 2, calls: 2, model: 'm-1' },
    });
  });

  it('is asked nothing again, and no tool is called again, once that is recorded, whatever crashes after', async () => {
    const given = await loop(asking(), ({ messages }) =>
      messages.length < 10
        ? wants(['search', { query: `${messages.length}` }], ['search', { query: 'more' }])
        : answers('done'),
    );
    const ended = await carryOut(given, () => true);
    expect(ended).toMatchObject({ kind: 'ended', result: { status: 'succeeded' } });
    expect(given.asked).toHaveLength(4);
    expect(given.called).toHaveLength(6);
    const keys = [...given.asked, ...given.called].map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    expect((await given.state()).final!.usage).toMatchObject({ inputTokens: 40, turns: 4, calls: 6 });
  });

  it('learns of a call that fails, is of no tool or does not fit its schema, and goes on', async () => {
    const given = await loop(
      asking(),
      ({ messages }) =>
        messages.length === 2
          ? wants(['search', { query: 'x' }], ['search', { query: 7 }], ['serach', {}], ['search', '{'])
          : answers('done'),
      {
        search: async ({ label }) => {
          throw new Failure('CallFailed', `${label}: the function \`search\` failed: no net`);
        },
      },
    );
    expect(await carryOut(given)).toMatchObject({ result: { status: 'succeeded' } });
    expect(toldOf(given.asked[1]!.work).map(({ content }) => content.split('\n').slice(0, 2))).toEqual([
      [expect.stringContaining('error of search'), 'the function `search` failed: no net'],
      [expect.any(String), expect.stringMatching(/does not fit its schema: \$\.query must be string/)],
      [expect.any(String), expect.stringMatching(/^There is no tool serach\. There are: search, files_read/)],
      [expect.any(String), expect.stringMatching(/is no JSON \(.*\): \{\.$/)],
    ]);
    expect(given.called).toHaveLength(1);
  });

  it('that calls a tool by its own name, as its role may say it, is understood', async () => {
    const given = await loop(asking(), ({ messages }) =>
      messages.length === 2 ? wants(['files.read', { path: 'a' }]) : answers('done'),
    );
    await carryOut(given);
    expect(given.read[0]!.work).toMatchObject({ server: 'files', tool: 'read', input: { path: 'a' } });
  });

  it('is told of a long result that it was cut, and where', async () => {
    const given = await loop(
      asking(),
      ({ messages }) => (messages.length === 2 ? wants(['search', { query: 'x' }]) : answers('done')),
      { search: async () => ({ output: { value: 'y'.repeat(49_999) + '😀'.repeat(15_001) } }) },
    );
    await carryOut(given);
    const [{ content } = { content: '' }] = toldOf(given.asked[1]!.work);
    expect(content).toContain('yyy\n[cut here: 50,000 of 80,001 characters are shown]');
    expect(content.length).toBeLessThan(50_300);
  });

  it('is told of a call of which nothing was recorded that nobody knows what became of it', async () => {
    const given = await loop(asking(), ({ messages }) =>
      messages.length === 2 ? wants(['search', { query: 'x' }]) : answers('done'),
    );
    const { effects, lease, clock } = given;
    await clock.until(runUnit(lease(), effects));
    await clock.until(takeTurn({ ...lease(), number: 1, turn: 1 }, effects));
    expect(await clock.until(takeTurn({ ...lease(), number: 1, turn: 2 }, effects))).toMatchObject({
      result: { status: 'succeeded' },
    });
    expect(toldOf(given.asked[1]!.work)[0]!.content).toMatch(/: error of search\n.*nobody knows/);
  });

  it('may only answer in its last turn, and once its calls are spent; calls beyond that are not carried out', async () => {
    const many = Array.from({ length: 4 }, (_, n) => ['search', { query: `${n}` }] as const);
    const given = await loop(asking(), ({ answerNow }) => (answerNow ? answers('enough') : wants(...many)));
    expect(await carryOut(given)).toMatchObject({ result: { status: 'succeeded' } });
    expect(given.asked.map(({ work }) => work.answerNow ?? false)).toEqual([false, false, true]);
    expect(given.called).toHaveLength(6);
    expect(
      toldOf(given.asked[2]!.work)
        .slice(-2)
        .map(({ content }) => content.split('\n')[1]),
    ).toEqual([expect.stringContaining('It was not called'), expect.stringContaining('It was not called')]);
  });

  it('that calls tools to the end has come to no answer; the try is rejected, says so, and its text is kept', async () => {
    const plan = asking({ retry: { attempts: 1, backoff: { minMs: 1, maxMs: 1 }, then: 'fail' } });
    const given = await loop(plan, () => wants(['search', { query: 'more' }]));
    const ended = await carryOut(given);
    expect(ended).toMatchObject({ kind: 'ended', result: { status: 'failed' } });
    expect(given.asked).toHaveLength(5);
    const { final } = await given.state();
    expect(final).toMatchObject({
      verdict: 'rejected',
      reason: { type: 'OutputInvalid', message: expect.stringContaining('no answer in 5 turns and 4 calls') },
      usage: { inputTokens: 50, turns: 5, calls: 4 },
    });
    expect(final!.ref!.size).toBe('Let me see.'.length);
  });

  it('whose answer is rejected begins anew, told why, under other keys; what both tries took is counted', async () => {
    const given = await loop(
      asking({ accept: [{ kind: 'cel', cel: 'output == "right"' }] }),
      ({ messages }) => {
        if (messages.length === 2) return wants(['search', { query: 'x' }]);
        return answers(messages[1]!.content.includes('An earlier answer was rejected') ? 'right' : 'wrong');
      },
    );
    expect(await carryOut(given)).toMatchObject({ result: { status: 'succeeded', tries: 2 } });
    expect(given.asked).toHaveLength(4);
    expect(new Set(given.beats.filter(({ note }) => note).map((beat) => `${beat.try} ${beat.note}`))).toEqual(
      new Set(
        [1, 2].flatMap((n) => [
          `${n} turn 1 of at most 5`,
          `${n} turn 1 · calls search`,
          `${n} turn 2 of at most 5`,
        ]),
      ),
    );
    expect(new Set([...given.asked, ...given.called].map(({ key }) => key)).size).toBe(6);
    const { counted } = await given.state();
    expect(counted.map(({ verdict, usage }) => [verdict, usage!.turns])).toEqual([
      ['rejected', 2],
      ['succeeded', 2],
    ]);
  });

  it('that refuses, or gives what is none, is not asked the same turn again: another loop begins, told why', async () => {
    let refused = false;
    const given = await loop(asking(), ({ messages }) => {
      if (messages.length === 2) return wants(['search', { query: 'x' }]);
      if (refused) return answers('done');
      refused = true;
      throw new Failure('ModelRefused', 'dig: m-1 refused: no.');
    });
    expect(await carryOut(given)).toMatchObject({ result: { status: 'succeeded', tries: 2 } });
    expect(given.asked.map(({ work: { messages } }) => messages.length)).toEqual([2, 4, 2, 4]);
  });

  it('whose provider is out for a while is asked that turn again, no sooner than it says, and nothing before it', async () => {
    let refusals = 2;
    const times: number[] = [];
    const given = await loop(asking(), ({ messages }) => {
      if (messages.length === 2) return wants(['search', { query: 'x' }]);
      times.push(given.clock.now());
      if (refusals-- > 0)
        throw new Failure('ModelRateLimited', 'rate limited', {
          retryAfterMs: 7_000,
          usage: { inputTokens: 1 },
        });
      return answers('done');
    });
    expect(await carryOut(given)).toMatchObject({ result: { status: 'succeeded', tries: 1 } });
    expect(given.asked).toHaveLength(4);
    expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(7_000);
    // A definite refusal is no answer under that key.
    expect(new Set(given.asked.map(({ key }) => key)).size).toBe(4);
    expect((await given.state()).final!.usage).toMatchObject({ inputTokens: 22, turns: 2 });
  });

  it('that waits for its provider, or whose judge does, for over an hour is handed back, and goes on as it was', async () => {
    const waits = new Set(['turn', 'judge']);
    const plan = asking({ accept: [{ kind: 'judge', model: 'm-2', says: 'It is so.' }] });
    const given: Loop = await loop(plan, async ({ messages, model }, task) => {
      if (model !== 'm-2' && messages.length === 2) return wants(['search', { query: 'x' }]);
      if (waits.delete(model === 'm-2' ? 'judge' : 'turn')) {
        task.waits!('waits for its turn');
        await untilStopped(task);
      }
      return model === 'm-2' ? { output: { value: { holds: true, finding: '' } } } : answers('done');
    });
    const began = given.clock.now();
    expect(await carryOut(given)).toMatchObject({ result: { status: 'succeeded', tries: 1 } });
    expect(given.clock.now() - began).toBeGreaterThanOrEqual(2 * WAITING_MS);
    expect(given.called).toHaveLength(1);
  });

  it('whose provider stays out ends with that, as soon as the tries of one turn are spent', async () => {
    const given = await loop(asking(), () => {
      throw new Failure('ModelUnavailable', 'nobody there');
    });
    expect(await carryOut(given)).toMatchObject({ result: { status: 'failed', tries: 1 } });
    expect(given.asked).toHaveLength(3);
    expect((await given.state()).final).toMatchObject({
      reason: { type: 'ModelUnavailable', message: 'nobody there' },
    });
  });

  it('answers as its output says, whatever it called before', async () => {
    const output = { type: 'object', properties: { cost: { type: 'number' } }, required: ['cost'] };
    const given = await loop(asking({ output, parse: 'json' }), ({ messages, schema }) => {
      expect(schema).toEqual(output);
      return messages.length === 2
        ? wants(['search', { query: 'x' }])
        : { output: { value: { cost: 3 } }, usage: { inputTokens: 1 } };
    });
    expect(await carryOut(given)).toMatchObject({ result: { status: 'succeeded' } });
  });

  it('pays for each turn, one after the other; over its budget it ends, with what it had said and all that it took', async () => {
    const given = await loop(asking(), () => wants(['search', { query: 'x' }]), {
      search: async () => ({ output: { value: 'y'.repeat(800) } }),
    });
    // Over 1,000 tokens are expected of a turn, and 200 more of each after it: the second is above what only goes on may spend.
    await beginPurse(given.store, purseOf('first'), { limit: { tokens: 1_500 }, soft: 0.85 });
    const ended = await carryOut(given);
    expect(ended).toMatchObject({ result: { status: 'over-budget' }, reason: { type: 'OverBudget' } });
    const { spent, calls, open } = (await openPurse(given.store, purseOf('first'))).state;
    expect([calls, open.size]).toEqual([given.asked.length, 0]);
    expect(given.asked).toHaveLength(2);
    expect(spent.tokens).toBe(11 * given.asked.length);
    expect((await given.state()).final!.usage).toMatchObject({ inputTokens: 10 * given.asked.length });
  });

  it('whose worker dies in the middle of a call has that call repeated, under the same key; the dead one counts no more', async () => {
    let release = (_: Effect) => {};
    let slow = true;
    const given = await loop(
      asking(),
      ({ messages }) => (messages.length === 2 ? wants(['search', { query: 'x' }]) : answers('done')),
      {
        search: () =>
          slow
            ? new Promise((resolve) => {
                slow = false;
                release = resolve;
              })
            : Promise.resolve({ output: { value: 'the second' } }),
      },
    );
    const { effects, lease, clock } = given;
    const holding = (attempt: number) => ({
      ...lease({ holder: { dispatch: 1, attempt } }),
      number: 1,
      turn: 1,
    });
    await runUnit(lease(), effects);
    await clock.until(takeTurn(holding(1), effects));
    const dead = makeCall({ ...holding(1), call: 1 }, effects).catch((error: Failure) => error.type);
    await expect.poll(() => given.called.length).toBe(1);
    expect(await clock.until(makeCall({ ...holding(2), call: 1 }, effects))).toMatchObject({
      result: { status: 'succeeded' },
    });
    release({ output: { value: 'the first' } });
    expect(await dead).toBe('Superseded');
    expect(given.called.map(({ key }) => key)).toEqual([given.called[0]!.key, given.called[0]!.key]);
    await takeTurn({ ...holding(1), turn: 2 }, effects);
    expect(toldOf(given.asked[1]!.work)[0]!.content).toContain('the second');
  });

  it('takes the place of a brief that was asked in batches, and is asked directly', async () => {
    const [fallback] = asking().briefs;
    const given = await loop(
      planOf({
        ...{ id: 'dig', executor: { kind: 'ask', text: 'Dig.' }, batch: { byMs: 60_000 } },
        retry: { attempts: 1, backoff: { minMs: 1, maxMs: 1 }, then: 'fail' },
        fallback: fallback!,
      }),
      ({ messages, tools }) => {
        if (!tools) throw new Failure('ModelUnavailable', 'nobody there');
        return messages.length === 2 ? wants(['search', { query: 'x' }]) : answers('done');
      },
    );
    const batches = {} as NonNullable<Loop['effects']['batches']>;
    const ended = await carryOut({ ...given, effects: { ...given.effects, batches } });
    expect(ended).toMatchObject({ result: { status: 'repaired', tries: 2 } });
    expect(given.called).toHaveLength(1);
  });

  it('that somebody ended by hand has what its turns took in the report, and goes on from there where it is retried', async () => {
    const plan = asking();
    const given = await loop(plan, ({ messages }) =>
      messages.length < 6 ? wants(['search', { query: 'x' }]) : answers('done'),
    );
    const { effects, lease, clock, store } = given;
    await clock.until(runUnit(lease(), effects));
    for (const turn of [1, 2]) {
      await clock.until(takeTurn({ ...lease(), number: 1, turn }, effects));
      if (turn === 1) await clock.until(makeCall({ ...lease(), number: 1, turn, call: 1 }, effects));
    }
    const stored = await storePlan(store, { plan, graph: unitGraph(plan), files: new Map() }, sha256);
    const note: ClosingNote = { reason: 'completed', units: 'f', fans: {} };
    const { run } = lease();
    const result = await integrateRun({ run, plan: stored, note, now: clock.now() }, effectsOf(store));
    const { answer, run: facts } = readReport(await textOf(store, result.report.json));
    expect(answer.ledger).toMatchObject([{ brief: 'dig', status: 'failed' }]);
    expect(facts.usage).toMatchObject({ inputTokens: 20, outputTokens: 2, turns: 2, calls: 1 });
    const retried: Loop = { ...given, lease: (more) => lease({ ...more, again: 1 }) };
    expect(await carryOut(retried, () => false, 100)).toMatchObject({ result: { status: 'succeeded' } });
    expect([given.asked.length, given.called.length]).toEqual([3, 2]);
  });

  it('is asked no more once the time of its brief is over; the try says so', async () => {
    const given = await loop(asking({ withinMs: 60_000 }), () => wants(['search', { query: 'x' }]), {
      search: async () => {
        given.clock.pass(40_000);
        return { output: { value: 'slow' } };
      },
    });
    const endsAt = given.clock.now() + 60_000;
    const timed: Loop = { ...given, lease: (more) => given.lease({ ...more, endsAt }) };
    expect(await carryOut(timed)).toMatchObject({
      result: { status: 'failed' },
      reason: { type: 'TimedOut' },
    });
    expect(given.asked).toHaveLength(2);
    expect((await given.state()).final!.usage).toMatchObject({ turns: 2, inputTokens: 20 });
  });

  it('that is retried by hand after it was late asks under other keys: nobody knows what became of the first', async () => {
    let late = true;
    const given = await loop(asking({ withinMs: 60_000 }), ({ messages }) => {
      if (late) given.clock.pass(100_000);
      return messages.length === 2 ? wants(['search', { query: 'x' }]) : answers('done');
    });
    const ends = (endsAt: number, again?: number): Loop => ({
      ...given,
      lease: (more) => given.lease({ ...more, endsAt, ...(again && { again }) }),
    });
    await carryOut(ends(given.clock.now() + 60_000));
    late = false;
    expect(await carryOut(ends(Infinity, 1), () => false, 100)).toMatchObject({
      result: { status: 'succeeded' },
    });
    const [first, second] = given.asked;
    expect(second!.work).toEqual(first!.work);
    expect(second!.key).not.toBe(first!.key);
  });

  it('is offered what the brief names and the role allows; with none of it, it is asked as any', async () => {
    const { turns, calls, parallel } = BOUNDS;
    const only = await loop(
      asking({ tools: { use: ['files.*'], allow: ['files.read'], turns, calls, parallel } }),
      () => answers('x'),
    );
    await carryOut(only);
    expect(only.asked[0]!.work.tools!.map(({ name }) => name)).toEqual(['files_read']);
    const none = await loop(asking({ tools: { allow: ['browse'], turns, calls, parallel } }), () =>
      answers('x'),
    );
    expect(await carryOut(none)).toMatchObject({ result: { status: 'succeeded' } });
    expect(none.asked[0]!.work.tools).toBeUndefined();
    const wrong = await loop(asking({ tools: { use: ['files.write'], turns, calls, parallel } }), () =>
      answers('x'),
    );
    expect(await carryOut(wrong)).toMatchObject({
      result: { status: 'failed' },
      reason: {
        type: 'InvalidInput',
        message: expect.stringContaining('`files.write`; it has search, files.read'),
      },
    });
  });
});
