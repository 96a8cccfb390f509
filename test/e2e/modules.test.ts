import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Report } from '../../src/core/integrate/report.js';
import { everything, fill, userGit } from '../adapters/git/folders.js';
import { pageAt } from '../support/examples.js';
import { endOfRun, LOOKING, type Place, place } from '../support/muster.js';
import { faultsOf, itInBrowser } from '../support/page.js';

const EXAMPLE = fileURLToPath(new URL('../../examples/modules', import.meta.url));

let here: Place;
/** The user's folder, beside Muster's own. */
let folder: string;
let folders = 0;
const newFolder = () => {
  folder = join(here.folder, `work-${folders++}`);
  mkdirSync(folder);
};

/** A command that carries out JavaScript in its folder; `$` is node:fs. */
const js = (code: string) => ['node', '-e', `const $ = require('node:fs'); ${code}`];
const write = (path: string, text: string) =>
  `$.writeFileSync(${JSON.stringify(path)}, ${JSON.stringify(text)});`;

function plan(briefs: readonly object[], more: object = {}): string {
  const file = join(folder, 'plan.json');
  const head = {
    muster: 1,
    name: 'modules',
    brief: 'Build it.',
    defaults: { workspace: 'copy', retry: { attempts: 1 } },
  };
  writeFileSync(file, JSON.stringify({ ...head, briefs, ...more }));
  return file;
}
const reportOf = (id: string): Promise<Report> => endOfRun(here, id);
async function treeOf(id: string): Promise<{ [path: string]: string }> {
  const into = join(here.folder, `out-${folders++}`);
  await (await here.library()).files(id, into);
  const { 'plan.json': _, ...files } = everything(into);
  return files;
}
const workspaces = () => readdirSync(join(here.folder, 'home', 'workspaces'));

describe('modules built at the same time, each in a workspace of its own', () => {
  beforeAll(async () => {
    here = place();
    here.env.LEAK_TOKEN = 'npm_0123456789';
    here.env.MUSTER_POLICY = here.write('policy.json', { env: ['LEAK_TOKEN'] });
    await here.worker();
  });
  beforeEach(newFolder);
  afterAll(() => here.close());

  it('are merged: what each produced, texts that both changed, and nothing in the user’s folder or its repository', async () => {
    fill(folder, { 'index.txt': 'a\n\nb\n\nc\n', '.gitignore': 'node_modules\n', 'node_modules/x': 'big' });
    userGit(folder, 'init', '-q');
    const build = (name: string) =>
      js(
        `if ($.existsSync('node_modules') || $.existsSync('other')) process.exit(9);` +
          write(name, name) +
          `$.writeFileSync('index.txt', $.readFileSync('index.txt', 'utf8').replace('${name}', '${name}!'));`,
      );
    const file = plan([
      { id: 'a', run: build('a'), produces: ['a', 'index.txt'] },
      { id: 'b', run: build('b') },
    ]);
    const before = everything(folder, { git: true });
    const { code, stderr } = await here.muster('run', file, '--id', 'clean');
    expect(code, stderr).toBe(0);
    expect(everything(folder, { git: true })).toEqual(before);
    const into = join(here.folder, 'clean');
    expect((await here.muster('result', 'clean', '--files', into)).code).toBe(0);
    expect(everything(into)).toMatchObject(await treeOf('clean'));
    expect(await treeOf('clean')).toEqual({
      '.gitignore': 'node_modules\n',
      a: 'a',
      b: 'b',
      'index.txt': 'a!\n\nb!\n\nc\n',
    });
    const { files } = (await reportOf('clean')).answer;
    expect(files?.changes).toEqual([
      { path: 'a', change: 'added', by: ['a'] },
      { path: 'b', change: 'added', by: ['b'] },
      { path: 'index.txt', change: 'modified', by: ['a', 'b'] },
    ]);
    expect([files?.collisions, files?.strays]).toEqual([[], []]);

    const patch = join(here.folder, 'patch');
    expect((await here.muster('result', 'clean', '--patch', patch)).code).toBe(0);
    userGit(folder, 'apply', patch);
    expect(readFileSync(join(folder, 'index.txt'), 'utf8')).toBe('a!\n\nb!\n\nc\n');
    expect((await here.muster('result', 'clean', '--files', folder)).stderr).toContain('is not empty');
  });

  it('collide where they do not merge, and every rule decides as it says', async () => {
    fill(folder, { f: 'base\n' });
    const briefs = ['one', 'two', 'three'].map((id, n) => ({
      id,
      run: js(write('f', n === 0 ? 'first\n' : 'second\n')),
    }));
    const decided: { [rule: string]: unknown } = {};
    const cases: readonly (readonly [string, unknown[]])[] = [
      ['none', []],
      ['prefer', [{ prefer: 'one' }]],
      ['majority', ['majority']],
      ['keep', ['keep-both']],
      ['fail', ['fail']],
    ];
    for (const [name, conflicts] of cases) {
      const { code, stdout } = await here.muster(
        'run',
        plan(briefs, { integrate: { files: { conflicts } } }),
        '--id',
        `rule-${name}`,
      );
      const { collisions } = (await reportOf(`rule-${name}`)).answer.files!;
      expect(stdout).toContain('1 collision');
      decided[name] = [
        code,
        await treeOf(`rule-${name}`),
        collisions.map(({ rule, lost }) => [rule, lost.map(({ by }) => by)]),
      ];
    }
    const [both, first, second] = [
      { f: 'first\n', 'f~two': 'second\n' },
      { f: 'first\n' },
      { f: 'second\n' },
    ];
    expect(decided).toEqual({
      none: [0, both, [[undefined, []]]],
      prefer: [0, first, [['prefer one', [['two', 'three']]]]],
      majority: [0, second, [['majority', [['one']]]]],
      keep: [0, both, [['keep-both', []]]],
      fail: [3, both, [['fail', []]]],
    });
  });

  it('see the files of what they need, all the way back; instances of a fan-out too', async () => {
    fill(folder, { base: 'b' });
    const list = `console.log(JSON.stringify($.readdirSync('.').filter((f) => f !== '.git' && f !== 'plan.json').sort()))`;
    const file = plan([
      {
        id: 'part',
        forEach: { in: ['x', 'y'], as: 'it' },
        run: js(`$.writeFileSync('part-' + process.argv[1], '');`).concat('{{ it }}'),
      },
      { id: 'between', needs: ['part'], run: js(`$.unlinkSync('base');`) },
      { id: 'aside', run: js(list), parse: 'json' },
      { id: 'after', needs: ['between'], run: js(list), parse: 'json', produces: ['part-*'] },
    ]);
    const { code, stderr } = await here.muster('run', file, '--id', 'needs');
    expect(code, stderr).toBe(0);
    const { data, files } = (await reportOf('needs')).answer;
    expect([data.aside, data.after]).toEqual([['base'], ['part-x', 'part-y']]);
    expect(files?.changes.map(({ path, change, by }) => [path, change, by])).toEqual([
      ['base', 'deleted', ['between']],
      ['part-x', 'added', ['part[x]']],
      ['part-y', 'added', ['part[y]']],
    ]);
  });

  it('leave findings where they changed what they do not produce, and are rejected where they produced nothing or a way out', async () => {
    fill(folder, { 'keep.txt': 'k' });
    const file = plan([
      {
        id: 'stray',
        run: js(`${write('mine.txt', 'm')}${write('yours.txt', 'y')} $.unlinkSync('keep.txt');`),
        produces: ['mine.txt'],
      },
      { id: 'nothing', run: js(write('other.txt', 'o')), produces: ['mine.*'] },
      { id: 'out', run: js(`$.symlinkSync('/etc/passwd', 'link');`) },
      { id: 'failing', run: js(`${write('half.txt', 'h')} process.exit(1);`) },
      { id: 'again', run: js(''), produces: ['keep.txt'] },
      { id: 'leaks', run: js(`$.writeFileSync('.npmrc', 'auth=' + process.env.LEAK_TOKEN);`) },
    ]);
    const { code, stdout } = await here.muster('run', file, '--id', 'strays');
    expect(code).toBe(3);
    expect(await treeOf('strays')).toEqual({ 'keep.txt': 'k', 'mine.txt': 'm' });
    const { answer } = await reportOf('strays');
    expect(answer.files?.strays).toEqual([
      {
        by: 'stray',
        paths: [
          { path: 'keep.txt', change: 'deleted' },
          { path: 'yours.txt', change: 'added' },
        ],
      },
    ]);
    expect(stdout).toMatch(/files +1 added · 2 changes not kept \(stray\)/);
    const reasons = Object.fromEntries(answer.ledger.map(({ brief, reason }) => [brief, reason]));
    expect(reasons.nothing).toEqual({
      type: 'OutputInvalid',
      message: 'nothing produced nothing: no file matches `mine.*`. It changed `other.txt` instead.',
    });
    expect(reasons.out?.message).toContain('a link that leads out of its workspace (to `/etc/passwd`)');
    expect(reasons.again).toBeUndefined();
    expect(reasons.leaks?.message).toContain('leaks left the value of the secret LEAK_TOKEN in `.npmrc`');
  });

  it('are verified in the merged tree, by commands that judge a brief in its workspace', async () => {
    const briefs = [
      {
        id: 'a',
        run: js(write('a.txt', '1')),
        accept: { command: js(`process.exit($.existsSync('a.txt') ? 0 : 1)`) },
      },
      { id: 'b', run: js(write('b.txt', '2')) },
    ];
    const sum = (n: number) => ({
      integrate: {
        verify: js(
          `const n = [1, 2].reduce((s, i) => s + Number($.readFileSync('ab'[i - 1] + '.txt')), 0); if (n !== ${n}) { console.log('it is ' + n); process.exit(1); }`,
        ),
      },
    });
    expect((await here.muster('run', plan(briefs, sum(3)), '--id', 'holds')).code).toBe(0);
    expect((await here.muster('run', plan(briefs, sum(4)), '--id', 'fails')).code).toBe(3);
    expect((await reportOf('holds')).answer.verified).toEqual({ holds: true });
    expect((await reportOf('fails')).answer.verified).toEqual({ holds: false, finding: 'it is 3' });
    expect(existsSync(join(folder, 'a.txt'))).toBe(false);
    // The accepting command, too, judges files that are used again.
    expect((await here.muster('rerun', 'holds', '--id', 'holds-2')).stdout).toMatch(/used again +2 results/);
  });

  it('of a worktree begin with the last commit, in the same place of it', async () => {
    fill(folder, { 'top.txt': 't', 'sub/in.txt': 'i' });
    userGit(folder, 'init', '-q');
    const file = plan(
      [
        {
          id: 'look',
          run: js(`${write('made.txt', 'm')} console.log($.readFileSync('../top.txt', 'utf8'))`),
          produces: ['made.txt'],
        },
      ],
      { defaults: { workspace: 'worktree' } },
    );
    const moved = join(folder, 'sub', 'plan.json');
    cpSync(file, moved);
    userGit(folder, 'add', '-A');
    userGit(folder, 'commit', '-qm', 'first');
    writeFileSync(join(folder, 'top.txt'), 'changed');
    const before = everything(folder, { git: true });
    expect((await here.muster('plan', moved)).stdout).toMatch(
      /look +own worktree, produces made\.txt[\s\S]*`top\.txt` is not as in the last\s+commit/,
    );
    expect((await here.muster('run', moved, '--id', 'tree')).code).toBe(0);
    expect(everything(folder, { git: true })).toEqual(before);
    expect((await reportOf('tree')).answer.data.look).toBe('t\n');
    expect(await treeOf('tree')).toMatchObject({ 'top.txt': 't', 'sub/made.txt': 'm' });
  });

  it('are used again with their files, where the folder is as it was; where it changed, what began with it is done anew', async () => {
    fill(folder, { 'spec.txt': 's' });
    writeFileSync(join(here.folder, 'log'), '');
    const note = `$.appendFileSync(${JSON.stringify(join(here.folder, 'log'))}, 'x');`;
    const briefs = [
      { id: 'make', run: js(`${note} $.writeFileSync('made', $.readFileSync('spec.txt'))`) },
      { id: 'use', needs: ['make'], run: js(`${note} $.copyFileSync('made', 'used')`) },
    ];
    const file = plan(briefs);
    const runs = () => here.read('log').length;
    expect((await here.muster('run', file, '--id', 'first')).code).toBe(0);
    const { tree } = (await reportOf('first')).answer.files!;
    expect((await here.muster('rerun', 'first', '--id', 'second')).code).toBe(0);
    expect([runs(), (await reportOf('second')).answer.files?.tree]).toEqual([2, tree]);
    fill(folder, { 'spec.txt': 'new' });
    expect((await here.muster('rerun', 'second', '--id', 'third')).code).toBe(0);
    expect(runs()).toBe(4);
    expect(await treeOf('third')).toMatchObject({ used: 'new' });
    // Another brief in the plan is no reason to do the first two again.
    const more = [{ id: 'more', run: js(note) }];
    plan([...briefs, ...more]);
    expect((await here.muster('rerun', 'third', '--id', 'fourth')).code).toBe(0);
    expect(runs()).toBe(5);
    const anew = (await reportOf('third')).run.briefs.map(({ anew }) => anew);
    expect(anew).toEqual([
      { because: 'changed', fields: ['workspace'] },
      { because: 'changed', fields: ['workspace'] },
    ]);
  });

  it('of examples/modules run as it is: three modules, one registry merged, one collision decided, one stray, tests that pass', async () => {
    cpSync(EXAMPLE, folder, { recursive: true });
    const before = everything(folder);
    const { code, stdout, stderr } = await here.muster('run', join(folder, 'plan.yaml'), '--id', 'example');
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(
      /files +7 added, 2 modified · 1 collision \(majority 1\) · 1 change not kept \(module\[mass\]\)/,
    );
    expect(everything(folder)).toEqual(before);
    const { answer } = await reportOf('example');
    expect(answer.verified).toEqual({ holds: true });
    expect(answer.files?.collisions).toMatchObject([
      { path: 'src/rounding.mjs', lost: [{ by: ['module[temperature]'] }] },
    ]);
    expect(await treeOf('example')).toMatchObject({
      'USAGE.md': expect.stringContaining('- temperature: K, C, F'),
      'src/registry.mjs': expect.stringMatching(/length\.mjs[\s\S]*mass\.mjs[\s\S]*temperature\.mjs/),
      'src/rounding.mjs': 'export const DIGITS = 3;\n',
    });
  });

  itInBrowser('of examples/modules shows its report on a page that keeps nobody out', async (browser) => {
    expect(await faultsOf(browser, pageAt(here, 'example'))).toEqual([]);
  });
});

describe('modules with workers of their own', () => {
  beforeEach(() => {
    here = place();
    newFolder();
  });
  afterEach(() => here.close());

  it('come to the same tree when their worker is killed with -9 in the middle, and nothing is left lying about', async () => {
    fill(folder, { index: Array.from({ length: 8 }, (_, n) => `// ${n}\n\n`).join('') });
    const gate = join(here.folder, 'gate');
    const build = (n: number) =>
      js(
        `${write(`m${n}`, `${n}`)} $.writeFileSync('index', $.readFileSync('index', 'utf8').replace('// ${n}', 'use ${n}'));` +
          (n % 2 === 1
            ? `while (!$.existsSync(${JSON.stringify(gate)})) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);`
            : ''),
      );
    const briefs = Array.from({ length: 8 }, (_, n) => ({ id: `b${n}`, run: build(n) }));
    const file = plan([
      ...briefs,
      { id: 'last', needs: briefs.map(({ id }) => id), run: js(`$.copyFileSync('index', 'copy')`) },
    ]);
    writeFileSync(gate, '');
    const calm = await here.worker();
    expect((await here.muster('run', file, '--id', 'calm-modules')).code).toBe(0);
    const { tree } = (await reportOf('calm-modules')).answer.files!;

    rmSync(gate);
    expect((await here.muster('start', file, '--id', 'stormy-modules')).code).toBe(0);
    const muster = await here.library();
    const done = async () => (await muster.status('stormy-modules'))?.progress?.ended;
    await expect.poll(done, LOOKING).toBe(4);
    expect((await here.muster('status', 'stormy-modules')).stdout).toMatch(/4\/8/);
    calm.kill('SIGKILL');
    expect(workspaces().length).toBeGreaterThan(1);
    const [dead] = workspaces().filter((name) => name.includes(`-${calm.pid}-`));
    expect(dead).toBeDefined();
    writeFileSync(gate, '');
    const next = await here.worker();
    const { code, stderr } = await here.muster('watch', 'stormy-modules');
    expect(code, stderr).toBe(0);
    expect((await reportOf('stormy-modules')).answer.files?.tree).toBe(tree);
    expect(workspaces()).not.toContain(dead);
    const ended = new Promise((resolve) => next.once('exit', resolve));
    next.kill('SIGTERM');
    await ended;
    expect(workspaces()).toEqual(['.gitignore']);
  });

  it('may be functions, which are told their folder', async () => {
    const module = here.write(
      'functions.mjs',
      `import { writeFileSync } from 'node:fs'; export const make = ({ folder }) => { writeFileSync(folder + '/made', 'm'); return 1; };`,
    );
    await here.worker('--functions', module);
    expect((await here.muster('run', plan([{ id: 'make', call: 'make' }]), '--id', 'call')).code).toBe(0);
    expect(await treeOf('call')).toEqual({ made: 'm' });
  });
});
