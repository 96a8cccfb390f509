import { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { describe, expect, it } from 'vitest';
import { type ActivityEffects, createActivities } from '../../src/activities/index.js';
import { redactor } from '../../src/adapters/executors/redactor.js';
import { Failure } from '../../src/core/outcome/failure.js';

const RUN = { id: 'run', first: 'f1' };
const PLAN = 'a'.repeat(64);
const UNIT = { run: RUN, plan: PLAN, u: 0, dispatch: 1 };
type Activities = ReturnType<typeof createActivities>;
type Name = 'compile' | 'expand' | 'unit' | 'integrate';

/** A worker of whose store and threads everything fails with `error`. */
const workerWith = (error: Error): Activities => {
  const fails = () => Promise.reject(error);
  return createActivities({
    store: { read: fails, create: fails, list: fails },
    integrateInThread: fails,
    redactor: redactor([{ name: 'API_TOKEN', value: 'tok-never-seen' }]),
  } as unknown as ActivityEffects);
};

const INPUT: { readonly [name in Name]: Parameters<Activities[name]>[0] } = {
  compile: { run: RUN, plan: { digest: PLAN } },
  expand: UNIT,
  unit: UNIT,
  integrate: { run: RUN, plan: PLAN, note: { reason: 'completed', units: 's', fans: {} } },
};

/** What Temporal is told of one attempt. */
async function told(worker: Activities, name: Name, { attempt = 1, activityId = '0' } = {}) {
  const environment = new MockActivityEnvironment({ attempt, activityId });
  const activity = worker[name] as (input: unknown) => Promise<unknown>;
  const failure: unknown = await environment.run(activity, INPUT[name]).catch((error: unknown) => error);
  if (!(failure instanceof ApplicationFailure)) throw failure;
  return failure;
}

const BUG = new Error('undefined is not a function');

describe('an error nobody foresaw', () => {
  it.each<Name>(['compile', 'integrate'])('never ends %s: without it there is no report', async (name) => {
    const worker = workerWith(BUG);
    for (let attempt = 1; attempt <= 20; attempt++) {
      expect(await told(worker, name, { attempt })).toMatchObject({
        type: 'Unforeseen',
        nonRetryable: false,
      });
    }
  });

  it.each<Name>(['unit', 'expand'])(
    'ends %s when it comes up for the third time, whatever Temporal counted',
    async (name) => {
      const worker = workerWith(BUG);
      const ends = [];
      for (const attempt of [40, 41, 42]) ends.push((await told(worker, name, { attempt })).nonRetryable);
      expect(ends).toEqual([false, false, true]);
    },
  );

  it('is counted for each unit and each worker by itself', async () => {
    const worker = workerWith(BUG);
    for (const activityId of ['0', '0', '1', '1', '2']) {
      expect((await told(worker, 'unit', { activityId })).nonRetryable).toBe(false);
    }
    expect((await told(workerWith(BUG), 'unit')).nonRetryable).toBe(false);
    expect((await told(worker, 'unit')).nonRetryable).toBe(true);
  });
});

it('a foreseen failure is no bug, and permanent only where no try can mend it', async () => {
  const out = workerWith(new Failure('StoreUnavailable', 'The store is out.'));
  for (let n = 0; n < 5; n++) {
    expect(await told(out, 'unit')).toMatchObject({ type: 'StoreUnavailable', nonRetryable: false });
  }
  const broken = workerWith(new Failure('ContractViolation', 'The plan was changed.'));
  expect(await told(broken, 'integrate')).toMatchObject({ type: 'ContractViolation', nonRetryable: true });
});

it.each<Name>(['expand', 'unit', 'integrate'])(
  'what Temporal is told of %s holds no secret, in causes and stacks neither',
  async (name) => {
    const cause = Object.assign(new Error('sent tok-never-seen'), { headers: 'tok-never-seen' });
    for (const error of [
      new TypeError('tok-never-seen', { cause }),
      new Failure('CallFailed', 'tok-never-seen', { cause }),
    ]) {
      const failure = await told(workerWith(error), name);
      const failures = [failure, failure.cause as Error, failure.cause?.cause as Error];
      expect(failures.map(({ message }) => message.includes('[secret API_TOKEN]'))).toEqual([
        true,
        true,
        true,
      ]);
      const all = failures.map((one) => [one.message, one.stack, JSON.stringify(one)]);
      expect(JSON.stringify(all)).not.toContain('tok-never-seen');
    }
  },
);
