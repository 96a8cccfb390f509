import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { MessageChannel } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { askExecutor } from '../../../src/adapters/executors/ask.js';
import { governed } from '../../../src/adapters/executors/governed.js';
import type { Allowances } from '../../../src/adapters/governing/allowed.js';
import { type Gates, gates } from '../../../src/adapters/governing/gates.js';
import { admissionOver, serveAdmission } from '../../../src/adapters/governing/overPort.js';
import { asked } from '../../../src/core/govern/governor.js';
import type { Message } from '../../../src/core/govern/lease.js';
import { fresh, type State } from '../../../src/core/govern/state.js';
import { Failure } from '../../../src/core/outcome/failure.js';
import type { Wish } from '../../../src/ports/admission.js';
import { DONE, modelListening } from '../../support/endpoint.js';
import { asking, taskFor } from '../executors/task.js';

/** Governors in this process, one a model; they answer after some ms, unless nobody does. */
function world(allowances: Allowances = {}) {
  const states = new Map<string, State>();
  const told: (Message & { readonly model: string })[] = [];
  const all: Gates[] = [];
  const here = {
    isSilent: false,
    told,
    state: (model: string) => states.get(model) ?? fresh(model),
    worker(name = 'w1'): Gates {
      const ask = async (model: string, message: Message) => {
        if (here.isSilent) throw new Error('nobody answers');
        told.push({ ...message, model });
        await sleep(5);
        const { state, lease } = asked(here.state(model), message, Date.now());
        states.set(model, state);
        return lease;
      };
      const made = gates({ allowances, host: 'api.test', worker: name, ask });
      all.push(made);
      return made;
    },
    close: () => all.map((one) => one.close()),
  };
  return here;
}
let here: ReturnType<typeof world>;
afterEach(() => here.close());

const wish = (more: Partial<Wish> = {}): Wish & { readonly heard: string[] } => {
  const heard: string[] = [];
  const signal = new AbortController().signal;
  return { model: 'm', run: 'r', characters: 40, signal, waits: (why) => heard.push(why), heard, ...more };
};

describe('a call of a model', () => {
  it('goes once the governor has said so, and the next one goes at once', async () => {
    here = world({ m: { requests: 10, perMs: 60_000 } });
    const gates = here.worker();
    const first = await gates.enter(wish());
    expect(first.model).toBe('m');
    const next = wish();
    (await gates.enter(next)).over({ kind: 'answered', input: 10, output: 5 });
    expect(next.heard).toEqual([]);
    expect(here.told.length).toBe(1);
  });

  it('is reckoned to take no more than its answer may be long', async () => {
    here = world({ m: { tokens: 100_000, perMs: 60_000 } });
    const { port1, port2 } = new MessageChannel();
    serveAdmission(port1, here.worker());
    await admissionOver(port2).enter(wish({ maxTokens: 50 }));
    await here.worker('w2').enter(wish());
    expect(here.told.map(({ waiting }) => waiting)).toEqual([[['r', 10 + 50]], [['r', 10 + 2_000]]]);
    port2.close();
  });

  it('waits where nobody answers, is told why, and goes when somebody does', async () => {
    here = world();
    here.isSilent = true;
    const one = wish();
    const pass = here.worker().enter(one);
    await expect
      .poll(() => one.heard.at(-1))
      .toBe('waits for Temporal to say how much may be asked of api.test');
    here.isSilent = false;
    expect((await pass).model).toBe('m');
  });

  it('rests for a window from when it was sent, not from when it might have been', async () => {
    here = world({ m: { requests: 1, perMs: 1_000 } });
    const gates = here.worker();
    const { port1, port2 } = new MessageChannel();
    serveAdmission(port1, gates);
    const pass = await admissionOver(port2).enter(wish());
    // Whoever asks has something to load before it can.
    await sleep(400);
    pass.sent();
    const sent = performance.now();
    (await gates.enter(wish())).over({ kind: 'stopped' });
    expect(performance.now() - sent).toBeGreaterThanOrEqual(1_000);
    port2.close();
  });

  it('that is given up while it waits leaves, and takes nothing with it', async () => {
    here = world({ m: { requests: 1, perMs: 60_000 } });
    const gates = here.worker();
    await gates.enter(wish());
    const stop = new AbortController();
    const second = gates.enter(wish({ signal: stop.signal }));
    stop.abort(new Failure('Cancelled', 'no more'));
    await expect(second).rejects.toThrow('no more');
  });

  it('waits as long as the provider has asked another worker to', async () => {
    here = world();
    const [one, other] = [here.worker('w1'), here.worker('w2')];
    (await one.enter(wish())).over({ kind: 'limited', retryAfterMs: 700 });
    await expect.poll(() => here.state('m').notBefore).toBeGreaterThan(0);
    const from = performance.now();
    const waits = wish();
    await other.enter(waits);
    expect(performance.now() - from).toBeGreaterThan(500);
    expect(waits.heard.at(-1)).toMatch(/rate limited by api\.test until \d\d:\d\d:\d\d UTC/);
  });

  it('goes to the model that may stand in, while the provider fails, and says which that is', async () => {
    here = world({ m: { instead: 'other' } });
    const gates = here.worker();
    const passes = await Promise.all(Array.from({ length: 10 }, () => gates.enter(wish())));
    for (const pass of passes) pass.over({ kind: 'unavailable' });
    await expect.poll(() => here.state('m').circuit.until, { timeout: 10_000 }).toBeDefined();
    await expect.poll(async () => (await gates.enter(wish())).model, { timeout: 10_000 }).toBe('other');
  });

  it('that waits for a model that may stand in goes to its own once that may be asked again', async () => {
    here = world({ m: { instead: 'other' }, other: { concurrency: 1 } });
    const gates = here.worker();
    const passes = await Promise.all(Array.from({ length: 10 }, () => gates.enter(wish())));
    for (const pass of passes) pass.over({ kind: 'unavailable' });
    await expect.poll(() => here.state('m').circuit.until, { timeout: 10_000 }).toBeDefined();
    await expect.poll(async () => (await gates.enter(wish())).model, { timeout: 10_000 }).toBe('other');
    // Nobody is let go there any more.
    expect((await gates.enter(wish())).model).toBe('m');
  });

  it('waits where no other may be asked in its place', async () => {
    here = world();
    const gates = here.worker();
    const passes = await Promise.all(Array.from({ length: 10 }, () => gates.enter(wish())));
    for (const pass of passes) pass.over({ kind: 'unavailable' });
    await expect.poll(() => here.state('m').circuit.until, { timeout: 10_000 }).toBeDefined();
    await sleep(100);
    const one = wish();
    void gates.enter(one).catch(() => undefined);
    await expect.poll(() => one.heard.at(-1)).toMatch(/api\.test fails, and is tried again from/);
  });
});

describe('a thread', () => {
  it('passes the gates of its worker, and gives back what it had when it is gone', async () => {
    here = world({ m: { concurrency: 1 } });
    const gates = here.worker();
    const { port1, port2 } = new MessageChannel();
    serveAdmission(port1, gates);
    const pass = await admissionOver(port2).enter(wish());
    expect(pass.model).toBe('m');
    pass.answered();
    const next = gates.enter(wish());
    port2.close();
    (await next).over({ kind: 'stopped' });
  });

  it('that stops waiting is no longer let in', async () => {
    here = world({ m: { concurrency: 1 } });
    const gates = here.worker();
    const held = await gates.enter(wish());
    const { port1, port2 } = new MessageChannel();
    serveAdmission(port1, gates);
    const stop = new AbortController();
    const waiting = admissionOver(port2).enter(wish({ signal: stop.signal }));
    stop.abort(new Failure('Cancelled', 'no more'));
    await expect(waiting).rejects.toThrow('no more');
    await sleep(20);
    held.over({ kind: 'stopped' });
    (await gates.enter(wish())).over({ kind: 'stopped' });
    port2.close();
  });
});

describe('an executor behind the gates', () => {
  it('says when its request goes out', async () => {
    const told: string[] = [];
    const tell = (what: string) => () => void told.push(what);
    const enter = async () => ({
      model: 'gpt-x',
      ...{ sent: tell('sent'), answered: tell('answered'), over: tell('over') },
    });
    const model = await modelListening(
      createServer((_, response) =>
        response.writeHead(200, { 'content-type': 'text/event-stream' }).end(DONE),
      ),
    );
    try {
      const ask = governed(askExecutor({ baseURL: model.url }), { enter });
      await expect(ask(taskFor(asking('hello')))).rejects.toThrow('broke off');
      expect(told).toEqual(['sent', 'answered', 'over']);
    } finally {
      await model.close();
    }
  });

  it('asks who the pass names, under a key of its own where that is another, and tells what it took', async () => {
    const over: unknown[] = [];
    const enter = async () => ({
      model: 'other',
      sent: () => {},
      answered: () => {},
      over: (how: unknown) => over.push(how),
    });
    const keys: string[] = [];
    const ask = governed(
      async ({ work, key }) => {
        keys.push(`${work.model} ${key}`);
        return { output: { text: 'ok' }, usage: { inputTokens: 7, outputTokens: 2 } };
      },
      { enter },
    );
    await ask(taskFor(asking('hello')));
    expect(keys).toEqual(['other key-1-other']);
    expect(over).toEqual([{ kind: 'answered', input: 7, output: 2 }]);
  });

  it.each([
    ['before anything of an answer came', 'TimedOut', ['sent'], 'unavailable'],
    ['in the middle of an answer', 'TimedOut', ['sent', 'answered'], 'stopped'],
    ['before the request went out', 'TimedOut', [], 'stopped'],
    ['because nobody wants it any more', 'Cancelled', ['sent'], 'stopped'],
  ] as const)('tells of a call that was given up %s as what it is', async (_, type, steps, kind) => {
    const over: unknown[] = [];
    const stop = new AbortController();
    const enter = async () => ({
      model: 'gpt-x',
      ...{ sent: () => {}, answered: () => {}, over: (how: unknown) => over.push(how) },
    });
    const ask = governed(
      async (task) => {
        for (const step of steps) task[step]?.();
        stop.abort(new Failure(type, 'given up'));
        throw stop.signal.reason;
      },
      { enter },
    );
    await expect(ask({ ...taskFor(asking('hello')), signal: stop.signal })).rejects.toThrow('given up');
    expect(over).toEqual([{ kind }]);
  });

  it('that is stopped while it waits there says that no call was made', async () => {
    here = world({ m: { requests: 1, perMs: 60_000 } });
    const gates = here.worker();
    await gates.enter(wish());
    const stop = new AbortController();
    const work = { ...asking('hello'), model: 'm' };
    const ask = governed(async () => ({ output: { text: '' } }), gates);
    const waiting = ask({ ...taskFor(work), signal: stop.signal });
    stop.abort(new Failure('TimedOut', 'late'));
    await expect(waiting).rejects.toMatchObject({ type: 'TimedOut', detail: { unbegun: true } });
  });

  it('says who was asked where that is another, also where it failed', async () => {
    const enter = async () => ({ model: 'other', sent: () => {}, answered: () => {}, over: () => {} });
    const ok = governed(async () => ({ output: { text: 'ok' } }), { enter });
    await expect(ok(taskFor(asking('hello')))).resolves.toMatchObject({ asked: 'other' });
    const no = governed(
      () => Promise.reject(new Failure('ModelRefused', 'no', { usage: { inputTokens: 3 } })),
      { enter },
    );
    await expect(no(taskFor(asking('hello')))).rejects.toMatchObject({
      type: 'ModelRefused',
      detail: { asked: 'other', usage: { inputTokens: 3 } },
    });
  });

  it.each([
    [new Failure('ModelRateLimited', '', { retryAfterMs: 5 }), { kind: 'limited', retryAfterMs: 5 }],
    [new Failure('ModelRateLimited', 'no credit', { permanent: true }), { kind: 'stopped' }],
    [new Failure('ModelUnavailable', ''), { kind: 'unavailable' }],
    [new Failure('WorkerCrashed', ''), { kind: 'stopped' }],
    [new Failure('OutputInvalid', '', { usage: { inputTokens: 3 } }), { kind: 'answered', input: 3 }],
  ])('tells of %s as what it is', async (failure, how) => {
    const over: unknown[] = [];
    const enter = async () => ({
      model: 'gpt-x',
      sent: () => {},
      answered: () => {},
      over: (how: unknown) => over.push(how),
    });
    const ask = governed(() => Promise.reject(failure), { enter });
    await expect(ask(taskFor(asking('hello')))).rejects.toBe(failure);
    expect(over).toEqual([how]);
  });
});
