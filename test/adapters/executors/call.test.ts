import { beforeAll, describe, expect, it } from 'vitest';
import { callExecutor, functionNames, type InlineFunctions } from '../../../src/adapters/executors/call.js';
import type { CallWork } from '../../../src/core/plan/render.js';
import type { Executor } from '../../../src/ports/executor.js';
import { builtEntries, FUNCTIONS } from './built.js';
import { exam } from './exam.js';
import { ANYTHING, calling, failureOf, stoppedAtProgress, taskFor, valueIn } from './task.js';

let entry: URL;
let call: Executor<CallWork>;
const make = (more: object = {}) =>
  callExecutor({ policy: ANYTHING, functions: FUNCTIONS, entry, ...more }).executor;
const inline = (await import(FUNCTIONS)) as InlineFunctions;
const entries = builtEntries();
beforeAll(async () => {
  entry = (await entries).call;
  call = make();
});

const examined = (executor: Executor<CallWork>) => ({
  executor,
  says: (words: string) => calling('echo', words),
  identity: { work: calling('echo'), read: (value: unknown) => value },
  endless: calling('patient'),
  failing: calling('fail'),
  leftovers: () => [],
});

describe('call in a thread sits the exam', () => exam(() => examined(call)));
describe('call of inline functions sits the exam', () =>
  exam(() => examined(callExecutor({ policy: ANYTHING, inline: { ...inline }, entry }).executor)));

describe('a function', () => {
  it('gets its input with the types it has, and the brief', async () => {
    expect(valueIn(await call(taskFor(calling('add', { a: 2, b: 3 }))))).toBe(5);
    expect(valueIn(await call(taskFor(calling('echo', [1, null, { a: 'ü' }]))))).toEqual({
      input: [1, null, { a: 'ü' }],
      brief: { id: 'dig' },
      try: 1,
      key: 'key-1',
    });
  });

  it('that computes for seconds leaves the event loop free', async () => {
    let longest = 0;
    let last = performance.now();
    const beat = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 10);
    await call(taskFor(calling('busy', { ms: 3000 })));
    clearInterval(beat);
    expect(longest).toBeLessThan(1500);
  });

  it('that hears nothing is ended with its thread three seconds after it was told to stop', async () => {
    const { given } = stoppedAtProgress();
    const began = Date.now();
    const failure = await failureOf(call(taskFor(calling('busy', { ms: 60_000 }), given)));
    expect(failure.type).toBe('Cancelled');
    expect(Date.now() - began).toBeGreaterThan(3000);
    expect(Date.now() - began).toBeLessThan(6000);
    // A thread still at it would keep a processor busy.
    const before = process.cpuUsage();
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(process.cpuUsage(before).user).toBeLessThan(250_000);
  }, 12_000);

  it('that waits for a thread runs when one is free, also when the last one had to be ended', async () => {
    const one = make({ maxThreads: 1 });
    const { given } = stoppedAtProgress();
    const stuck = failureOf(one(taskFor(calling('busy', { ms: 60_000 }), given)));
    const waiting = one(taskFor(calling('add', { a: 1, b: 1 })));
    expect((await stuck).type).toBe('Cancelled');
    expect(valueIn(await waiting)).toBe(2);
  }, 12_000);

  it('that was told to stop while it waited for a thread never starts', async () => {
    const one = make({ maxThreads: 1 });
    const first = one(taskFor(calling('busy', { ms: 1000 })));
    const told: unknown[] = [];
    const stopped = taskFor(calling('tidy'), {
      signal: AbortSignal.timeout(300),
      progress: (p) => told.push(p),
    });
    expect((await failureOf(one(stopped))).type).toBe('Cancelled');
    await first;
    expect(told).toEqual([]);
  }, 12_000);

  it('that ends in good order when told to stop leaves what it had', async () => {
    const { given } = stoppedAtProgress();
    const failure = await failureOf(call(taskFor(calling('tidy'), given)));
    expect(failure).toMatchObject({ type: 'Cancelled', detail: { partial: { half: 'done' } } });
  });

  it('that throws fails with its message, and the stack is kept for the log', async () => {
    const failure = await failureOf(call(taskFor(calling('fail'))));
    expect(failure).toMatchObject({ type: 'CallFailed', permanent: false });
    expect(failure.message).toBe('dig[pricing]: the function `fail` failed: no such vendor');
    expect(failure.cause).toContain('functions.mjs');
  });

  it('that nobody registered is named with those that are, and the nearest', async () => {
    const failure = await failureOf(make({ inline: { ping: () => 'pong' } })(taskFor(calling('ehco'))));
    expect(failure).toMatchObject({ type: 'CallFailed', permanent: true });
    expect(failure.message).toMatch(/no function is called `ehco`.*add.*ping.*Did you mean `echo`\?/);
  });

  it('that the policy does not allow is never called', async () => {
    const strict = make({ policy: { ...ANYTHING, functions: ['add'] } });
    expect(await failureOf(strict(taskFor(calling('crash'))))).toMatchObject({ type: 'CommandNotAllowed' });
    expect(valueIn(await strict(taskFor(calling('add', { a: 1, b: 2 }))))).toBe(3);
  });

  it('of a module that does not load says so', async () => {
    const failure = await failureOf(
      make({ functions: 'file:///no/such/module.mjs' })(taskFor(calling('echo'))),
    );
    expect(failure).toMatchObject({ type: 'CallFailed', permanent: true });
    expect(failure.message).toContain('does not load');
  });

  it('that ends its thread fails, and the next call is served', async () => {
    const failure = await failureOf(call(taskFor(calling('exit'))));
    expect(failure).toMatchObject({ type: 'CallFailed' });
    expect(failure.message).toContain('ended its thread');
    expect(valueIn(await call(taskFor(calling('add', { a: 1, b: 2 }))))).toBe(3);
  });

  it('that fails after it has answered harms nobody', async () => {
    const warned = new Promise((resolve) => process.once('warning', resolve));
    expect(valueIn(await call(taskFor(calling('late'))))).toBe('answered');
    expect(String(await warned)).toContain('too late');
    expect(valueIn(await call(taskFor(calling('add', { a: 1, b: 2 }))))).toBe(3);
  });

  it.each([
    ['nothing', '$ is undefined'],
    ['a function', '$.rows[1].at is a function'],
    ['a cycle', '$.within[0] leads back to where it came from'],
    ['a big integer', '$.total is a bigint'],
    ['not a number', '$["per cent"][0] is NaN'],
    ['a date', '$.at is a Date'],
    ['a map', '$ is a Map'],
    ['too deep', 'it is nested deeper than 500 levels'],
  ])('that returns %s is told where it is', async (what, where) => {
    const failure = await failureOf(call(taskFor(calling('give', { what }))));
    expect(failure.type).toBe('OutputInvalid');
    expect(failure.message).toContain(`what JSON cannot carry: ${where}.`);
  });
});

it('the functions of a module can be listed without loading it here', async () => {
  expect(await functionNames(FUNCTIONS, entry)).toEqual(
    expect.arrayContaining(['add', 'busy', 'echo', 'patient']),
  );
  await expect(functionNames('file:///no/such/module.mjs', entry)).rejects.toThrow();
});
