import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { type Place, place } from '../support/muster.js';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const VENV = at('../../.cache/python');
const SDK = 'temporalio==1.35.0';

/** Python with Temporal's SDK; why not, where it cannot be had. */
function python(): { readonly path: string } | { readonly why: string } {
  const path = `${VENV}/bin/python`;
  try {
    if (!existsSync(path)) execFileSync('python3', ['-m', 'venv', VENV], { stdio: 'pipe' });
    try {
      execFileSync(path, ['-c', 'import temporalio'], { stdio: 'pipe' });
    } catch {
      execFileSync(path, ['-m', 'pip', 'install', '-q', SDK], { stdio: 'pipe' });
    }
    return { path };
  } catch (error) {
    return { why: (error as Error).message.split('\n')[0] ?? '' };
  }
}

let here: Place;
afterEach(() => here?.close());

describe('a start from another language', () => {
  it("by Temporal's Python SDK: a plan as JSON to workflow `run` is compiled, carried out and reported", async ({
    skip,
  }) => {
    const found = python();
    if ('why' in found) return skip(`no Python with Temporal's SDK: ${found.why}`);
    here = place();
    await here.worker('--functions', at('../support/functions.mjs'));
    const store = JSON.parse(here.read('home/store/store.json')) as { id: string };
    const start = (id: string, plan: object) =>
      promisify(execFile)(found.path, [
        at('../support/start.py'),
        inject('address'),
        `muster-${store.id}`,
        id,
        JSON.stringify(plan),
      ]);
    const inline = {
      muster: 1,
      name: 'sums',
      brief: 'Add what is given.',
      params: { type: 'object', properties: { a: { type: 'integer' }, b: { type: 'integer' } } },
      briefs: [{ id: 'sum', call: 'add', stdin: { from: 'params' } }],
    };
    const id = `python-${Math.random().toString(36).slice(2)}`;
    const { stdout } = await start(id, { inline, params: { a: 2, b: 3 } });
    expect(JSON.parse(stdout)).toMatchObject({ status: 'complete' });
    const report = JSON.parse((await here.muster('result', id, '--json')).stdout);
    expect(report.answer.data).toEqual({ sum: 5 });

    // What is wrong with a plan is the workflow's failure, in the same words.
    const wrong = { inline: { ...inline, briefs: [{ id: 'sum', call: 'add', needs: ['nobody'] }] } };
    const refused = await start(`${id}-wrong`, wrong).catch((error: Error) => error);
    expect(String((refused as { stderr?: string }).stderr)).toContain('no brief is called `nobody`');
  }, 300_000);
});
