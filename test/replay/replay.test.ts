import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { beforeAll, describe, expect, it } from 'vitest';
import { silent } from '../support/silent.js';

const folder = fileURLToPath(new URL('./histories/', import.meta.url));
const histories = readdirSync(folder).filter((name) => name.endsWith('.json'));
const read = (name: string) => JSON.parse(readFileSync(`${folder}${name}`, 'utf8'));

let workflowBundle: { code: string };
beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR', () => {}) });
  const workflowsPath = fileURLToPath(new URL('../../src/workflows/index.ts', import.meta.url));
  workflowBundle = await bundleWorkflowCode({ workflowsPath, logger: silent });
});

describe('recorded histories replay against the code of today', () => {
  it.each(histories)('%s', async (name) => {
    // What a run begins is called by its own id.
    const id = read(name).events[0].workflowExecutionStartedEventAttributes.workflowId as string;
    await Worker.runReplayHistory({ workflowBundle }, read(name), id);
  });

  it('and one that differs in a single activity is found', async () => {
    const name = histories.find((file) => file.startsWith('waves')) ?? '';
    const text = readFileSync(`${folder}${name}`, 'utf8').replace('"activityId": "1"', '"activityId": "7"');
    await expect(Worker.runReplayHistory({ workflowBundle }, JSON.parse(text), name)).rejects.toThrow();
  });
});
