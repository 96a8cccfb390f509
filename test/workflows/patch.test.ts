import { setTimeout as sleep } from 'node:timers/promises';
import { ApplicationFailure } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { initialState } from '../../src/core/schedule/state.js';
import { graphOf, withWorker } from '../support/workflows.js';

const from = 'd'.repeat(64);
const plan = 'e'.repeat(64);
/** In most the workflow hears of both at once, in the first of the patch alone. */
const RUNS = 24;

describe('a patch that arrives as the last brief ends', () => {
  it('is refused, or what it adds is carried out', async () => {
    const release = new Map<string, () => void>();
    const did: string[] = [];
    await withWorker(
      graphOf([{}]),
      async ({ run, u }) => {
        did.push(`${run.id}: ${u}`);
        if (u === 0) await new Promise<void>((resolve) => release.set(run.id, resolve));
        return undefined;
      },
      async ({ start }) => {
        const told = Array.from({ length: RUNS }, async (_, n) => {
          const handle = await start(`patched-as-it-ends-${Date.now()}-${n}`);
          const id = handle.workflowId;
          while (!release.has(id)) await sleep(5);
          const taken = await handle.executeUpdate('patch', { args: [{ from, plan }] }).then(
            () => true,
            () => false,
          );
          await handle.result();
          return { taken, added: did.includes(`${id}: 1`) };
        });
        const all = await Promise.all(told);
        expect(all.filter(({ taken, added }) => taken !== added)).toEqual([]);
        expect(all.some(({ taken }) => taken)).toBe(true);
      },
      {
        readPatch: async ({ run }) => {
          const n = Number(run.id.split('-').at(-1));
          setTimeout(release.get(run.id)!, n === 0 ? 1_000 : n % 10);
          return { graph: graphOf([{}, {}]), touched: [] };
        },
      },
    );
  });
});

describe('a patch that brings a run within the run', () => {
  it('counts what fans out meanwhile among the briefs that all may come to', async () => {
    let open = () => {};
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    const sharding = { above: 1_000, of: 250, most: 20 };
    const fan = { kind: 'fan' as const };
    await withWorker(
      graphOf([fan], { sharding }),
      async ({ run, u, within }) => {
        // What is within takes fifteen, and leaves less than the fan comes to.
        if (run.id.includes('/')) open();
        else if (u === 1 && !within)
          return { status: 'not-reached', within: { id: `${run.id}/1`, plan: 'many', size: 15 } };
        return undefined;
      },
      async ({ start, observed }) => {
        const handle = await start();
        await handle.executeUpdate('patch', { args: [{ from, plan }] });
        await handle.result();
        expect(observed.note?.units).toBe('xs');
      },
      {
        graphs: { many: graphOf(Array.from({ length: 15 }, () => ({}))) },
        readPatch: async () => ({ graph: graphOf([fan, { within: true }], { sharding }), touched: [] }),
        expand: () => opened.then(() => ({ status: 'expanded', count: 10 })),
      },
    );
  });
});

describe('a patch that cannot be read', () => {
  it('is refused with the reason, and the run goes on to its end', async () => {
    let release = () => {};
    await withWorker(
      graphOf([{}]),
      () =>
        new Promise((resolve) => {
          release = () => resolve(undefined);
        }),
      async ({ start }) => {
        const handle = await start();
        const told = handle.executeUpdate('patch', { args: [{ from, plan }] });
        await expect(told).rejects.toMatchObject({ cause: { message: 'It is not in this store.' } });
        release();
        expect(await handle.result()).toMatchObject({ status: 'complete' });
      },
      {
        readPatch: async () => {
          throw new Error('It is not in this store.');
        },
      },
    );
  });
});

describe('a patch of a run whose plan came as JSON', () => {
  it('is judged as such, in whatever history the run is by then', async () => {
    const graph = graphOf([{}]);
    let end = () => {};
    const over = new Promise<void>((resolve) => {
      end = resolve;
    });
    const given: (true | undefined)[] = [];
    await withWorker(
      graph,
      () => over.then(() => undefined),
      async ({ start }) => {
        const resume = { plan: from, graph, state: initialState(graph) };
        const inputs = [
          { plan: { inline: {}, digest: from } },
          { plan: { digest: from }, resume: { ...resume, given: true } },
          { plan: { digest: from } },
          { plan: { digest: from }, resume },
        ] as const;
        const handles: Awaited<ReturnType<typeof start>>[] = [];
        for (const [n, input] of inputs.entries()) {
          const handle = await start(`patched-json-${Date.now()}-${n}`, input);
          await handle.executeUpdate('patch', { args: [{ from, plan }] }).catch(() => undefined);
          handles.push(handle);
        }
        end();
        await Promise.all(handles.map((handle) => handle.result()));
        expect(given).toEqual([true, true, undefined, undefined]);
      },
      {
        readPatch: async (input) => {
          given.push(input.given);
          throw ApplicationFailure.nonRetryable('No.');
        },
      },
    );
  });
});
