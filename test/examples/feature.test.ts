import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Json } from '../../src/core/outcome/canonical.js';
import { exampleAt, pageAt, placeWithoutModels, reportOf, runOwn } from '../support/examples.js';
import { type AskedOf, modelServer } from '../support/model.js';
import type { Place } from '../support/muster.js';
import { faultsOf, itInBrowser } from '../support/page.js';

let here: Place;
beforeEach(() => {
  here = placeWithoutModels();
});
afterEach(() => here.close());

const feature = (...args: readonly string[]) => runOwn(here, 'feature', args);
const made = (id: string) => reportOf(here, id, 'home-simulated-feature');
const folderOf = (path: string) =>
  Object.fromEntries(
    readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => [join(parentPath, name), readFileSync(join(parentPath, name), 'utf8')]),
  );

describe('a feature, without a key', () => {
  it('is implemented, tested and documented side by side, and its tests pass together and fail without it', async () => {
    const was = folderOf(exampleAt('feature'));
    const { code, stdout, stderr } = await feature('--id', 'made');
    expect(code, stderr).toBe(0);
    const { report } = made('made');
    expect(report.answer.data).toMatchObject({
      review: [{ verdict: 'approve' }],
      tests_with_it: [{ passed: 3, failed: 0 }],
      tests_without_it: [{ passed: 2, failed: 1, said: expect.stringContaining("export named 'initials'") }],
    });
    expect(JSON.stringify(report.answer)).not.toContain(here.folder);
    expect(stdout).toContain('answered by    simulated-team (5 briefs), simulated');

    const tree = join(here.folder, 'tree');
    expect((await feature('result', 'made', '--files', tree)).code).toBe(0);
    const { initials } = (await import(join(tree, 'src/text.mjs'))) as { initials(text: string): string };
    expect(initials('grace hopper')).toBe('GH');
    expect(readFileSync(join(tree, 'docs/text.md'), 'utf8')).toContain('## `initials(text)`');
    expect(folderOf(exampleAt('feature'))).toEqual(was);
  });

  it('whose code does something else than the request says by example is not approved, and the report has the test that failed', async () => {
    const request = "Add a function `loud(text)` that gives the text backwards: `loud('ab')` is `AB`.";
    const { code } = await feature('--id', 'wrong', '--param', `request=${request}`);
    expect(code).toBe(3);
    const { report } = made('wrong');
    expect(report.answer.data).toMatchObject({
      review: [{ verdict: 'change' }],
      tests_with_it: [{ failed: 1 }],
    });
    const [{ said }] = report.answer.data.tests_with_it as unknown as readonly [{ said: string }];
    expect(said).toContain('loud gives the text backwards');
    const unmet = report.answer.requirements.filter(({ status }) => status !== 'covered');
    expect(unmet.map(({ id }) => id)).toEqual(['passes', 'approved']);
  });
});

describe('a feature, by a model', () => {
  it('is kept to its files, and what it writes can neither write, nor start anything, nor see the environment when its tests run', async () => {
    const mark = join(here.folder, 'mark');
    const harm = [
      `import('node:fs').then((fs) => fs.writeFileSync('${mark}', 'x'))`,
      `import('node:child_process').then((all) => all.execSync('touch ${mark}'))`,
    ];
    const model = await modelServer((asked) => answerOf(asked, harm));
    Object.assign(here.env, { OPENAI_BASE_URL: model.url });
    try {
      const { code } = await feature('--id', 'harm');
      expect(code).toBe(3);
      const { report } = reportOf(here, 'harm');
      expect(report.answer.missing).toEqual([]);
      expect(report.answer.data).toMatchObject({ tests_with_it: [{ passed: 3, failed: 2 }] });
      expect(existsSync(mark)).toBe(false);
      // The path that leads out was rejected, and the model told.
      expect(report.run.briefs.find(({ label }) => label === 'implement')).toMatchObject({ tries: 2 });
    } finally {
      await model.close();
    }
  });

  it('has no file written that leads out of its folder', () => {
    mkdirSync(join(here.folder, 'src'));
    symlinkSync(here.folder, join(here.folder, 'src/out'));
    const write = (path: string) =>
      spawnSync(process.execPath, [exampleAt('feature/write.mjs'), 'src'], {
        cwd: here.folder,
        input: JSON.stringify({
          files: [
            { path: 'src/good.mjs', content: '' },
            { path, content: 'x' },
          ],
        }),
        encoding: 'utf8',
      });
    for (const path of [
      '../x.mjs',
      'src/../../x.mjs',
      `${here.folder}/x.mjs`,
      'test/x.mjs',
      'src/out/x.mjs',
      'src',
    ]) {
      const { status, stderr } = write(path);
      expect([status, stderr], path).toEqual([1, expect.stringContaining('is not below src')]);
      expect(existsSync(join(here.folder, 'src/good.mjs')), path).toBe(false);
    }
    expect(write('src/deep/x.mjs').status).toBe(0);
    expect(readFileSync(join(here.folder, 'src/deep/x.mjs'), 'utf8')).toBe('x\n');
  });
});

/** A team whose tests try what they must not, and whose implementer first writes where it must not. */
function answerOf({ text }: AskedOf, harm: readonly string[]): Json {
  const [module, test, guide] = ['src/text.mjs', 'test/harm.test.mjs', 'docs/text.md'];
  if (text.includes('Say where this feature')) return { function: 'f', module, test, guide, patterns: [] };
  if (text.includes('Review what was made'))
    return { verdict: 'approve', because: 'It is fine.', issues: [] };
  if (text.includes('Write the tests')) {
    const tests = harm.map((code, n) => `test('harm ${n}', async () => { await ${code}; });`);
    const env =
      "test('no environment', () => { if (process.env.PATH || process.env.HOME) throw new Error('seen'); });";
    return {
      files: [{ path: test, content: ["import { test } from 'node:test';", ...tests, env].join('\n') }],
    };
  }
  const words = readFileSync(exampleAt('feature/src/text.mjs'), 'utf8');
  if (text.includes('Say in the guide')) return { files: [{ path: guide, content: '# Text' }] };
  const rejected = text.includes('An earlier answer was rejected');
  return { files: [{ path: rejected ? module : '../text.mjs', content: words }] };
}

itInBrowser('shows its report on a page that keeps nobody out', async (browser) => {
  expect((await feature('--id', 'seen')).code).toBe(0);
  expect(await faultsOf(browser, pageAt(here, 'seen', 'home-simulated-feature'))).toEqual([]);
});
