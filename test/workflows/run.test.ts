import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { Worker } from '@temporalio/worker';
import { describe, expect, it } from 'vitest';
import { QUERIES, type StatusAnswer, UPDATES, type WavesAnswer } from '../../src/contracts/messages.js';
import { bundled, graphOf, untilCancelled, withWorker } from '../support/workflows.js';

const diamond = graphOf([{}, { after: [0] }, { after: [0] }, { after: [1, 2] }]);

/** The history of each execution of a run that continued as new. */
async function historiesOf(client: Client, id: string, first: string): Promise<History[]> {
  const history = await client.workflow.getHandle(id, first).fetchHistory();
  const next = history.events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
  return [history, ...(next ? await historiesOf(client, id, next) : [])];
}
type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;
const longest = (all: readonly History[]) => Math.max(...all.map(({ events }) => events?.length ?? 0));

describe('workflow run', () => {
  it('carries out every brief once, after its needs, and integrates last', async () => {
    await withWorker(
      diamond,
      () => undefined,
      async ({ start, observed }) => {
        await (await start()).result();
        expect(observed.started).toHaveLength(4);
        expect(observed.started[0]).toBe('0');
        expect(observed.started[3]).toBe('3');
        expect(observed.note).toMatchObject({ reason: 'completed', units: 'ssss' });
      },
    );
  });

  it('answers the waves it built, while it runs and, with nothing cached, after replay', async () => {
    const expected: WavesAnswer = { mode: 'rolling', waves: [['b0'], ['b1', 'b2'], ['b3']] };
    await withWorker(
      diamond,
      () => undefined,
      async ({ start }) => {
        const handle = await start();
        await handle.result();
        expect(await handle.query(QUERIES.waves)).toEqual(expected);
      },
      { maxCachedWorkflows: 0 },
    );
  });

  it('fans out to as many instances as the expansion found', async () => {
    const graph = graphOf([{ kind: 'fan', label: 'dig' }, {}]);
    (graph.units[1] as { needs?: number }).needs = 0;
    (graph.sets as { done: number[] }[]).push({ done: [0] });
    await withWorker(
      graph,
      () => undefined,
      async ({ start, observed }) => {
        await (await start()).result();
        expect(observed.started).toEqual(['0.0', '0.1', '0.2', '1']);
        expect(observed.note).toMatchObject({ units: 'ds', fans: { 0: 'sss' } });
      },
      { expand: async () => ({ status: 'expanded', count: 3 }) },
    );
  });

  it('cancelled, it recalls what runs, starts nothing more, and still integrates', async () => {
    await withWorker(diamond, untilCancelled, async ({ start, observed }) => {
      const handle = await start();
      await expect.poll(() => observed.started.length, { timeout: 10_000 }).toBe(1);
      await handle.cancel();
      expect(await handle.result()).toMatchObject({ status: 'cancelled' });
      expect(observed.started).toEqual(['0']);
      expect(observed.note).toMatchObject({ reason: 'cancelled', units: 'ckkk' });
    });
  });

  it('cancelled while a try fails that another was to follow, it counts that one as cancelled and not as failed', async () => {
    const failing = async () => {
      // It has not heard of the cancelling when it fails.
      await sleep(1_500);
      throw ApplicationFailure.retryable('try 1 of 3 came to nothing', 'CommandFailed');
    };
    await withWorker(graphOf([{}]), failing, async ({ start, observed }) => {
      const handle = await start();
      await expect.poll(() => observed.started).toEqual(['0']);
      await handle.cancel();
      await handle.result();
      expect(observed.note).toMatchObject({ reason: 'cancelled', units: 'c' });
      expect(observed.started).toEqual(['0']);
    });
  });

  it('with onFailure stop, one failure recalls the rest', async () => {
    const graph = graphOf([{}, {}, { after: [0] }], { onFailure: 'stop' });
    await withWorker(
      graph,
      ({ u }) => (u === 0 ? Promise.resolve({ status: 'failed' }) : untilCancelled()),
      async ({ start, observed }) => {
        await (await start()).result();
        expect(observed.note).toMatchObject({ reason: 'failed', units: expect.stringMatching(/^fc/) });
        expect(observed.started).not.toContain('2');
      },
    );
  });

  it('at its deadline it recalls what runs and integrates what there is', async () => {
    const graph = graphOf([{}, {}, { after: [1] }], { deadlineMs: 1_500 });
    await withWorker(
      graph,
      ({ u }) => (u === 0 ? undefined : untilCancelled()),
      async ({ start, observed }) => {
        await (await start()).result();
        expect(observed.note).toMatchObject({ reason: 'deadline', units: expect.stringMatching(/^sc/) });
      },
    );
  });

  it('a chain of 1,000 continues as new on its way, starts each brief once, and keeps every history bounded', async () => {
    const chain = graphOf(Array.from({ length: 1000 }, (_, u) => ({ after: u > 0 ? [u - 1] : [] })));
    await withWorker(
      chain,
      () => undefined,
      async ({ start, observed, client }) => {
        const handle = await start();
        await handle.result();
        expect(observed.started).toEqual(Array.from({ length: 1000 }, (_, u) => `${u}`));
        const histories = await historiesOf(client, handle.workflowId, handle.firstExecutionRunId);
        expect(histories.length).toBeGreaterThan(1);
        expect(longest(histories)).toBeLessThanOrEqual(4096);
      },
    );
  });

  it('a fan-out late in a long history waits for the next one, with all its instances, and replays so', async () => {
    const units = Array.from({ length: 560 }, (_, u) => ({ after: u > 0 ? [u - 1] : [] }));
    const graph = graphOf([...units, { kind: 'fan' as const, after: [559] }], { concurrency: 400 });
    await withWorker(
      graph,
      () => undefined,
      async ({ start, observed, client }) => {
        const handle = await start();
        await handle.result();
        expect(new Set(observed.started).size).toBe(960);
        const histories = await historiesOf(client, handle.workflowId, handle.firstExecutionRunId);
        expect(histories).toHaveLength(2);
        expect(longest(histories)).toBeLessThanOrEqual(4096);
        const replayed = { workflowBundle: await bundled() };
        for (const history of histories) await Worker.runReplayHistory(replayed, history, handle.workflowId);
      },
      { expand: async () => ({ status: 'expanded', count: 400 }) },
    );
  });

  it('continues as new while a person is asked: the question, its time and its answer go with it', async () => {
    const chain = Array.from({ length: 700 }, (_, n) => ({ after: n > 0 ? [n] : [] }));
    const graph = graphOf([{ gate: true as const }, ...chain]);
    const question = { digest: 'a'.repeat(64), since: Date.now(), until: Date.now() + 3_600_000 };
    const answers: unknown[] = [];
    await withWorker(
      graph,
      async ({ u, answer }) => {
        if (u !== 0) return undefined;
        answers.push(answer);
        return answer ? undefined : { status: 'asked', question };
      },
      async ({ start, observed, client }) => {
        const handle = await start();
        const now = client.workflow.getHandle(handle.workflowId);
        const ended = () => observed.started.length;
        await expect.poll(ended, { timeout: 60_000 }).toBe(701);
        expect((await now.describe()).runId).not.toBe(handle.firstExecutionRunId);
        expect(await now.query(QUERIES.gates)).toEqual([{ u: 0, ...question }]);
        const said = { u: 0, digest: question.digest, by: 'Ann' };
        await expect(
          now.executeUpdate(UPDATES.approve, { args: [{ ...said, digest: 'b'.repeat(64) }] }),
        ).rejects.toThrow();
        expect(await now.executeUpdate(UPDATES.approve, { args: [said] })).toEqual({ changed: true });
        await now.result();
        expect(answers).toEqual([undefined, { verdict: 'approved', digest: question.digest, by: 'Ann' }]);
        expect(observed.note).toMatchObject({ reason: 'completed', units: 's'.repeat(701) });
        const histories = await historiesOf(client, handle.workflowId, handle.firstExecutionRunId);
        expect(histories.length).toBeGreaterThan(1);
        expect(longest(histories)).toBeLessThanOrEqual(4096);
        const timers = histories.map(({ events = [] }) =>
          events?.flatMap(({ timerStartedEventAttributes: timer }) =>
            timer ? [Number(timer.startToFireTimeout?.seconds)] : [],
          ),
        );
        expect(timers).toEqual(histories.map(() => [expect.any(Number)]));
        expect(timers[1]![0]).toBeLessThan(timers[0]![0]!);
        const replayed = { workflowBundle: await bundled() };
        for (const history of histories) await Worker.runReplayHistory(replayed, history, handle.workflowId);
      },
    );
  });

  it('names its activities as the plan does, so that Temporal reads like it', async () => {
    await withWorker(
      graphOf([{ label: 'explore: find the topics' }]),
      untilCancelled,
      async ({ start, observed, client }) => {
        const handle = await start();
        await expect.poll(() => observed.started.length, { timeout: 10_000 }).toBe(1);
        const { raw } = await handle.describe();
        expect(raw.pendingActivities?.[0]?.activityId).toBe('0');
        const { events } = await client.workflow.getHandle(handle.workflowId).fetchHistory();
        const summary = events?.find(
          (e) => e.activityTaskScheduledEventAttributes?.activityType?.name === 'unit',
        )?.userMetadata?.summary;
        expect(new TextDecoder().decode(summary?.data ?? undefined)).toBe('"explore: find the topics"');
        expect((await handle.query<StatusAnswer>(QUERIES.status)).units).toBe('r');
        await handle.cancel();
        await handle.result();
      },
    );
  });
});
