import { describe, expect, it } from 'vitest';
import { pin, prune } from '../../src/cli/commands/prune.js';
import { listView } from '../../src/cli/views/list.js';
import { PLAIN } from '../../src/cli/views/look.js';
import { pruneView } from '../../src/cli/views/prune.js';
import type { Muster, Pruned, PruneOptions } from '../../src/index.js';
import { fakeContext, fakeMuster, fakeScreen } from './fakes.js';

const run = (id: string) => ({ id, first: `first-${id}`, name: 'nightly' });
const nothing: Pruned = {
  dryRun: false,
  removed: { runs: [], artifacts: 0, bytes: 0 },
  kept: { runs: [], artifacts: [], results: 0, recent: 0, uncleared: [] },
};

/** A muster that is asked to prune once, and what it was asked. */
function asked(retention?: PruneOptions) {
  const options: PruneOptions[] = [];
  const muster: Partial<Muster> = {
    async prune(given) {
      options.push(given);
      return nothing;
    },
  };
  const screen = fakeScreen({ json: true });
  const context = fakeContext(muster, {
    screen,
    open: async () => ({
      home: '/nowhere',
      muster: fakeMuster(muster),
      close: async () => {},
      ...(retention && { retention }),
    }),
  });
  return { options, context, screen };
}

describe('muster prune', () => {
  it('takes what it is told, else the retention that is set', async () => {
    const told = asked({ keep: 9 });
    expect(await prune({ olderThan: 5_000, keep: 3, dryRun: true }, told.context)).toBe(0);
    expect(told.options[0]).toMatchObject({ olderThanMs: 5_000, keep: 3, dryRun: true });
    const set = asked({ keep: 9 });
    expect(await prune({}, set.context)).toBe(0);
    expect(set.options[0]).toMatchObject({ keep: 9 });
    expect(set.options[0]).not.toHaveProperty('olderThanMs');
    expect(set.screen.said.objects).toEqual([nothing]);
  });

  it('without either removes nothing, and says how to say it', async () => {
    const { options, context, screen } = asked();
    expect(await prune({}, context)).toBe(2);
    expect(options).toEqual([]);
    expect(screen.said.progress.join(' ')).toMatch(
      /--older-than 30d, --keep 10 .* MUSTER_RETENTION or MUSTER_KEEP/,
    );
    expect(screen.said.objects).toMatchObject([{ error: { type: 'InvalidInput' } }]);
  });

  it('tells what went, and what stays for which reason', () => {
    const pruned: Pruned = {
      dryRun: false,
      removed: { runs: [run('a'), run('b')], artifacts: 31, bytes: 5_240_000 },
      kept: {
        runs: [
          { ...run('c'), because: { kind: 'newest' } },
          { ...run('d'), because: { kind: 'pinned' } },
          { ...run('e'), because: { kind: 'repeated', by: 'f' } },
          { ...run('f'), because: { kind: 'open' } },
          { ...run('g'), because: { kind: 'newest' } },
        ],
        artifacts: [{ run: 'c', count: 1 }],
        results: 2,
        recent: 0,
        uncleared: [{ id: 'b', problem: 'reports/b is no folder' }],
      },
    };
    expect(pruneView(pruned, PLAIN)).toEqual([
      ' removed       2 runs · 31 artifacts · 5.2 MB',
      '               a, b',
      ' kept          1 run open: f',
      ' kept          1 run pinned: d',
      ' kept          1 run being repeated: e (by f)',
      ' kept          2 runs among the newest of their plan',
      ' kept          1 artifact that c refers to as well',
      ' kept          2 results of removed runs that `cache` still lets others use',
      ' kept          copies of the report of b: reports/b is no folder',
    ]);
    expect(pruneView({ ...nothing, dryRun: true }, PLAIN)).toEqual([
      ' would remove  0 runs · 0 artifacts · 0 B',
    ]);
  });
});

describe('muster pin', () => {
  it('says whether that changed anything, and the list shows it', async () => {
    const pins = [true, false];
    const said: string[] = [];
    for (const _ of [1, 2]) {
      const screen = fakeScreen();
      await pin('a', 'pinned', fakeContext({ pin: async () => pins.shift()! }, { screen }));
      said.push(...screen.said.answers);
    }
    const screen = fakeScreen();
    await pin('a', 'unpinned', fakeContext({ unpin: async () => true }, { screen }));
    expect([...said, ...screen.said.answers]).toEqual([
      'a is pinned: it is kept until `muster unpin a`.',
      'a is pinned already: it is kept until `muster unpin a`.',
      'a is no longer pinned.',
    ]);
    const entry = { ...run('a'), plan: 'x', brief: 'x', openedAt: 0, pinned: true } as const;
    expect(listView([entry], 60_000, PLAIN).at(-1)).toMatch(/● open .* pinned$/);
    expect(listView([{ ...entry, patches: 2 }], 60_000, PLAIN).at(-1)).toMatch(/patched 2 times · pinned$/);
  });
});
