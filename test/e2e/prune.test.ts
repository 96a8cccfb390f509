import { once } from 'node:events';
import { type Dirent, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileStore } from '../../src/adapters/stores/file.js';
import { listRuns } from '../../src/engine/runIndex.js';
import { DAY, recording, ticking, type Written, writeRun } from '../engine/storedRuns.js';
import { executions, itEmbedded, LOOKING, type Place, place } from '../support/muster.js';

let here: Place;
beforeEach(() => {
  here = place();
  here.write('log', '');
});
afterEach(() => here.close());

const ids = async (): Promise<readonly string[]> => (await (await here.library()).list()).map(({ id }) => id);

/** Briefs carried out since the last look. */
function since(): string[] {
  const all = executions(here.read('log')).map(({ brief }) => brief);
  here.write('log', '');
  return all.sort();
}

/** Files and bytes below a folder. */
function sizeOf(folder: string): { files: number; bytes: number } {
  const files = filesBelow(folder);
  const sizes = files.flatMap(({ parentPath, name }) => {
    // A temporary file of somebody at work may be gone again.
    const found = statSync(join(parentPath, name), { throwIfNoEntry: false });
    return found ? [found.size] : [];
  });
  return { files: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

/** Looks again where a folder of somebody at work was gone before it was looked into. */
function filesBelow(folder: string): readonly Dirent[] {
  for (;;)
    try {
      const all = readdirSync(folder, { recursive: true, withFileTypes: true });
      return all.filter((one) => one.isFile());
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
}

/** Notes its execution and prints 100 kB made from a file, which is too large for a log. */
const DIGEST = `
import { appendFileSync, readFileSync } from 'node:fs';
const [file] = process.argv.slice(2);
appendFileSync('log', JSON.stringify({ brief: file }) + '\\n');
console.log(readFileSync(file, 'utf8').trim().padEnd(100_000, '.'));
`;
const PLAN = {
  muster: 1,
  name: 'nightly',
  brief: 'What do the files say?',
  inputs: { files: { glob: 'in-*.txt' } },
  briefs: [
    {
      id: 'look',
      forEach: { in: 'inputs.files', as: 'file' },
      run: ['node', 'digest.mjs', '{{ file.path }}'],
    },
    { id: 'count', needs: ['look'], run: ['wc', '-c'], stdin: { from: 'look.output.size()' } },
  ],
  integrate: { merge: { count: { from: ['count'], at: '$' } } },
};

/** What a prune says of runs until it has removed all of them. */
const inRemoval = (store: string) =>
  readdirSync(join(store, 'index')).filter((name) => /\.remov(ing|ed)$/.test(name));

/** A worker that is there for a while, and ends in good order. */
async function night(): Promise<{ end(): Promise<void> }> {
  const child = await here.worker();
  return {
    async end() {
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

/** Nights that one worker lives; it prunes when it begins. */
const LIVES = 3;

describe('thirty nights with MUSTER_KEEP=4', () => {
  it('leave the store as large as ten did, the newest runs and a pinned one whole, and carry out only what changed', async () => {
    here.env.MUSTER_KEEP = '4';
    here.write('digest.mjs', DIGEST);
    for (let n = 0; n < 6; n++) here.write(`in-${n}.txt`, `file ${n}\n`);
    const file = here.write('plan.json', PLAN);
    const store = join(here.folder, 'home/store');
    const sizes = new Map<number, { files: number; bytes: number }>();
    let worker = await night();
    for (let n = 1; n <= 30; n++) {
      const changed = `in-${n % 6}.txt`;
      if (n > 1) here.write(changed, `file ${n % 6}, night ${n}\n`);
      const how = n === 1 ? ['run', file] : ['rerun', `night-${n - 1}`];
      const ran = await here.muster(...how, '--id', `night-${n}`);
      expect(ran.code, ran.stderr).toBe(0);
      expect(since()).toEqual(n === 1 ? [0, 1, 2, 3, 4, 5].map((i) => `in-${i}.txt`) : [changed]);
      if (n === 2) expect((await here.muster('pin', 'night-2')).code).toBe(0);
      if (n % LIVES === 0) {
        await worker.end();
        worker = await night();
        // Four that have ended stay, and the pinned one; the last one may have ended within the clocks' allowance.
        const pruned = async () => (await ids()).length < 7 && inRemoval(store).length === 0;
        if (n > 6) await expect.poll(pruned, LOOKING).toBe(true);
        sizes.set(n, sizeOf(store));
      }
      if (n === 10 || n === 30) {
        await sleep(2_100);
        expect((await here.muster('prune')).code).toBe(0);
        sizes.set(n, sizeOf(store));
      }
    }
    const left = ['night-30', 'night-29', 'night-28', 'night-27', 'night-2'];
    expect(await ids()).toEqual(left);
    const [ten, thirty] = [sizes.get(10)!, sizes.get(30)!];
    // The seventh night still has a file, and what came of it, in common with the pinned one.
    expect(thirty.files).toBeLessThanOrEqual(ten.files + 2);
    // Times and durations in logs and reports have more digits or fewer.
    expect(thirty.bytes).toBeLessThanOrEqual((ten.bytes + 100_100) * 1.01);
    const largest = Math.max(...[...sizes].map(([n, { bytes }]) => (n > 10 ? bytes : 0)));
    expect(largest).toBeLessThan(ten.bytes * 1.2);
    expect(readdirSync(join(here.folder, 'home/reports')).sort()).toEqual([...left].sort());

    for (const id of left) {
      const { code, stdout } = await here.muster('result', id, '--json');
      expect(code).toBe(0);
      expect(JSON.parse(stdout).run.id).toBe(id);
    }
    const { runs } = JSON.parse((await here.muster('list', '--json')).stdout);
    expect(runs.map(({ id }: { id: string }) => id)).toEqual(left);
    expect((await here.muster('rerun', 'night-2', '--failed', '--id', 'again')).code).toBe(0);
    expect(since()).toEqual([]);
    expect((await here.muster('mark', 'night-2', 'look[in-3.txt]', 'bad')).code).toBe(0);
    await worker.end();
  }, 900_000);
});

describe('muster prune', () => {
  const two = async (...named: readonly string[]) => {
    await here.worker();
    here.write('digest.mjs', DIGEST);
    here.write('in-0.txt', 'file\n');
    const file = here.write('plan.json', PLAN);
    for (const id of named) expect((await here.muster('run', file, '--id', id)).code).toBe(0);
    return file;
  };

  it('tells with --dry-run what it will remove, removes that, and every command says that it is not there', async () => {
    await two('pruned-1', 'pruned-2');
    const home = join(here.folder, 'home');
    const before = sizeOf(join(home, 'store'));
    await sleep(2_100);
    const dry = JSON.parse((await here.muster('prune', '--keep', '1', '--dry-run', '--json')).stdout);
    expect(sizeOf(join(home, 'store'))).toEqual(before);
    expect(await ids()).toEqual(['pruned-2', 'pruned-1']);
    const done = JSON.parse((await here.muster('prune', '--keep', '1', '--json')).stdout);
    expect({ ...done, dryRun: true }).toEqual(dry);
    expect(done.removed.runs.map(({ id }: { id: string }) => id)).toEqual(['pruned-1']);
    expect(before.bytes - sizeOf(join(home, 'store')).bytes).toBe(done.removed.bytes);
    expect(done.kept.artifacts).toEqual([{ run: 'pruned-2', count: expect.any(Number) }]);

    expect(await ids()).toEqual(['pruned-2']);
    expect(existsSync(join(home, 'reports/pruned-1'))).toBe(false);
    expect(existsSync(join(home, 'reports/pruned-2'))).toBe(true);
    for (const command of ['status', 'watch', 'result', 'cancel']) {
      const { code, stderr } = await here.muster(command, 'pruned-1');
      expect([command, code, stderr]).toEqual([
        command,
        2,
        expect.stringMatching(/pruned-1 ended on .* was removed/),
      ]);
    }
    for (const args of [
      ['rerun', 'pruned-1'],
      ['pin', 'pruned-1'],
      ['prune', '--run', 'pruned-1'],
      ['mark', 'pruned-1', 'count', 'bad'],
    ]) {
      const { code, stderr } = await here.muster(...args);
      expect([args, code, stderr]).toEqual([args, 2, expect.stringContaining('No run called pruned-1')]);
    }
    expect((await here.muster('result', 'pruned-2')).code).toBe(0);
  });

  it('refuses what makes no sense, and removes nothing then', async () => {
    await two('refused-1', 'refused-2');
    const slow = here.write('slow.json', {
      ...PLAN,
      inputs: {},
      integrate: {},
      briefs: [{ id: 'a', run: ['sleep', '60'] }],
    });
    expect((await here.muster('start', slow, '--id', 'refused-3')).code).toBe(0);
    await expect.poll(ids, LOOKING).toContain('refused-3');
    expect((await here.muster('pin', 'refused-2')).stdout).toContain('refused-2 is pinned');
    for (const [args, says] of [
      [[], /Say which runs are to go/],
      [['--keep', '0'], /whole number from 1/],
      [['--keep', 'few'], /whole number from 1/],
      [['--older-than', 'yesterday'], /should be a duration, such as 30d/],
      [['--run', 'refused-1', '--keep', '3'], /cannot be used with/],
      [['--run', 'nobody'], /No run called nobody/],
      [['--run', 'refused-1', 'refused-2'], /refused-2 is pinned.*muster unpin refused-2/],
      [['--run', 'refused-1', 'refused-3'], /refused-3 has not ended/],
    ] as const) {
      const { code, stderr } = await here.muster('prune', ...args);
      expect([args, code, stderr]).toEqual([args, 2, expect.stringMatching(says)]);
    }
    expect((await here.muster('list')).stdout).toMatch(/refused-2 .* pinned/);
    const all = await here.muster('prune', '--older-than', '0s');
    expect(all.stdout).toMatch(
      /removed +1 run .*\n +refused-1\n kept +1 run open: refused-3\n kept +1 run pinned: refused-2/,
    );
    expect((await here.muster('cancel', 'refused-3')).code).toBe(0);
  });

  it('keeps a result that `cache` lets others use, without its run, and a later run uses it', async () => {
    await here.worker();
    here.write('digest.mjs', DIGEST);
    here.write('in-0.txt', 'file\n');
    const briefs = PLAN.briefs.map((brief) =>
      brief.id === 'look' ? { ...brief, cache: { for: '1h' } } : brief,
    );
    const file = here.write('plan.json', { ...PLAN, briefs });
    expect((await here.muster('run', file, '--id', 'cached-1')).code).toBe(0);
    expect(since()).toEqual(['in-0.txt']);
    await sleep(2_100);
    expect((await here.muster('prune', '--older-than', '0s')).stdout).toContain('1 result of removed runs');
    expect(await ids()).toEqual([]);
    expect((await here.muster('run', file, '--id', 'cached-2')).code).toBe(0);
    expect(since()).toEqual([]);
  });
});

describe('a prune that is killed', () => {
  it('with -9, again and again, leaves every run that is listed whole, and the next one finishes', async () => {
    const clock = ticking();
    clock.pass(-200 * DAY);
    const folder = join(here.folder, 'home/store');
    const store = await fileStore(folder);
    const names = new Map<string, ReadonlySet<string>>();
    for (let n = 0; n < 40; n++) {
      const seen = recording(store);
      const outputs = Array.from({ length: 12 }, (_, i) => 10 * n + i);
      await writeRun(seen, clock, { ...RUN, id: `r${n}`, inputs: [n, n + 1], outputs, pinned: n === 3 });
      names.set(`r${n}`, seen.names);
      clock.pass(DAY);
    }
    const removing = () => readdirSync(join(folder, 'index')).filter((name) => name.endsWith('.removing'));
    const whole = async () => {
      const there = new Set(await store.list(''));
      const runs = await listRuns(store);
      expect(
        runs.filter(({ id }) =>
          [...names.get(id)!].some((name) => !name.startsWith('starts/') && !there.has(name)),
        ),
      ).toEqual([]);
      return runs.length;
    };
    // What was stored within the last two seconds stays.
    await sleep(2_100);
    let cutShort = 0;
    for (const ms of [5, 40, 150]) {
      const prune = here.spawn('prune', '--keep', '10');
      const ended = once(prune, 'exit');
      await expect
        .poll(() => removing().length > 0 || prune.exitCode !== null, { timeout: 60_000, interval: 1 })
        .toBe(true);
      await sleep(ms);
      prune.kill('SIGKILL');
      await ended;
      if (removing().length > 0) cutShort++;
      await whole();
    }
    expect(cutShort).toBeGreaterThan(0);
    const { code, stdout, stderr } = await here.muster('prune', '--keep', '10');
    expect([code, stderr]).toEqual([0, expect.stringContaining('Another prune is at work; waiting for it')]);
    expect(stdout).toContain('removed');
    expect(await whole()).toBe(11);
    expect(removing()).toEqual([]);
    const kept = new Set(
      [...names].flatMap(([id, own]) => (id === 'r3' || Number(id.slice(1)) >= 30 ? [...own] : [])),
    );
    expect((await store.list('')).filter((name) => !kept.has(name))).toEqual([]);
  }, 300_000);

  const RUN: Written = {
    id: '',
    plan: 'nightly',
    inputs: [],
    outputs: [],
    ending: 'closed',
    pinned: false,
    markedBad: false,
    cacheMs: 0,
  };
});

itEmbedded('what a retention removes is in the log of the supervisor', async () => {
  const own = place({ embedded: true });
  try {
    own.env.MUSTER_KEEP = '1';
    const file = own.write('plan.json', {
      muster: 1,
      name: 'n',
      brief: 'Say it.',
      briefs: [{ id: 'a', run: ['echo', 'a'] }],
    });
    for (const id of ['one', 'two', 'three'])
      expect((await own.muster('run', file, '--id', id)).code).toBe(0);
    await own.muster('dev', '--stop');
    expect((await own.muster('run', file, '--id', 'four-cached')).code).toBe(0);
    const log = () => readFileSync(join(own.folder, 'home/logs/supervisor.log'), 'utf8');
    await expect.poll(log, { timeout: 30_000 }).toMatch(/retention: removed 2 runs \(two, one\)/);
  } finally {
    await own.close();
  }
});
