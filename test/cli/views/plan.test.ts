import { describe, expect, it } from 'vitest';
import { PLAIN } from '../../../src/cli/views/look.js';
import { pairsView } from '../../../src/cli/views/pairs.js';
import { planView } from '../../../src/cli/views/plan.js';
import type { BriefNote, Explanation } from '../../../src/core/explain/explain.js';

const note = (id: string, more: Partial<BriefNote> = {}): BriefNote => ({
  id,
  does: 'run',
  waitsFor: [],
  holds: {},
  takesTurnsFor: [],
  ...more,
});

const explanation: Explanation = {
  name: 'framework-survey',
  briefs: { written: 4, least: 3, most: 203 },
  mode: 'rolling',
  concurrency: 20,
  waves: [
    [note('explore')],
    [
      note('dig', {
        waitsFor: ['explore'],
        fan: { least: 0, most: 200, over: 'explore.output.topics', max: 200 },
      }),
      note('licences', { holds: { books: 1 }, when: 'params.strict' }),
    ],
    [note('verdict', { waitsFor: ['dig', 'licences'], estimateMs: 90_000 })],
  ],
  serialised: [
    {
      resource: 'books',
      capacity: 1,
      briefs: ['licences', 'prices'],
      because: '`books` is a lock: one holder at a time',
    },
  ],
  longestPath: { briefs: ['explore', 'dig', 'verdict'], ms: 840_000 },
  tries: { least: 212, most: 640 },
  worth: {
    answer: 'yes',
    because: '16 × faster than one brief after another.',
    concurrency: 20,
    atMost: true,
    sequentialMs: 30_000_000,
    parallelMs: 1_860_000,
    overheadMs: 300,
    speedup: 16,
    deadline: { ms: 7_200_000, met: 'yes', because: 'By the estimates it is met.' },
  },
  pairs: [],
  pairsLeftOut: false,
};
const show = (changes: Partial<Explanation> = {}, all = false) =>
  planView({ file: 'p.yaml', explanation: { ...explanation, ...changes }, warnings: [] }, PLAIN, all);

describe('what muster plan shows', () => {
  it('says how many hand-offs are compatible, and which cannot be decided', () => {
    const handOffs = ['a', 'b', 'c', 'd', 'e', 'f'].map((to, i) => ({
      ...{ from: 'explore', to },
      verdict: i === 0 ? ('compatible' as const) : ('undecided' as const),
    }));
    const lines = show({ handOffs: handOffs.slice(0, 2) }).join('\n');
    expect(lines).toContain(
      ' hand-offs      1 compatible · 1 cannot be decided before delivery: explore → b',
    );
    expect(show({ handOffs }).join(' ').replace(/\s+/g, ' ')).toContain('explore → e and 1 more');
    expect(show().join('\n')).not.toContain('hand-offs');
  });

  it('says which model is asked by which briefs, why that one, and how often for a vote', () => {
    const asks = { model: 'small-1', tier: 'fast', because: 'its role explorer says so' };
    const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
    const waves = [
      ids.map((id) => note(id, { does: 'ask', asks })),
      [
        note('verdict', { asks: { model: 'gpt-9', tier: 'gpt-9', because: 'the plan says so', samples: 9 } }),
        note('poll', { asks: { ...asks, samples: 4, voters: ['small-1', 'large-1'] } }),
      ],
    ];
    const lines = show({ waves }).join('\n');
    expect(lines).toContain(
      [
        ' asks           small-1 (fast: its role explorer says so): a, b, c, d and 2 more',
        '                gpt-9 (the plan says so), up to 9 samples: verdict',
        '                small-1, large-1, in turns, up to 4 samples: poll',
      ].join('\n'),
    );
    expect(show().join('\n')).not.toContain(' asks ');
  });

  it('says of a fan-out that takes the first of too many items how many those are', () => {
    const over = { over: 'inputs.docs', max: 200, overflow: 'first' } as const;
    const shown = (least: number, most: number) =>
      show({ waves: [[note('dig', { fan: { ...over, least, most } })]] })[2];
    expect(shown(0, 200)).toBe(' wave 1  dig × inputs.docs (first 200)');
    expect(shown(200, 200)).toBe(' wave 1  dig × inputs.docs (first 200)');
    expect(shown(3, 3)).toBe(' wave 1  dig × inputs.docs (3)');
  });

  it('is waves with what each brief waits for, the longest path, the worth of it, and what takes turns', () => {
    expect(show().join('\n')).toBe(
      [
        'framework-survey · 4 briefs, up to 203 after fan-out · 3 waves',
        '',
        ' wave 1  explore',
        ' wave 2  dig × explore.output.topics (max 200)   waits for explore',
        '         licences                                holds books · if params.strict',
        ' wave 3  verdict                                 about 1m 30s · waits for dig,…',
        '',
        ' longest path   explore → dig → verdict · 14m estimated',
        ' in sequence    at most 8h 20m · in parallel (20) at most 31m',
        ' worth it       yes: 16 × faster than one brief after another. Overhead about',
        '                0.3 s.',
        ' deadline       2h, met: yes. By the estimates it is met.',
        ' tries          212 to 640',
        ' conflicts      1 solved by taking turns · 0 warnings',
        '   in turns  books (1): licences, prices. `books` is a lock: one holder at a',
        '             time.',
      ].join('\n'),
    );
  });

  it('says of a brief what happens when it falls silent or fails, and that it never runs twice', () => {
    const waves = [
      [note('quiet', { stallMs: 90_000 }), note('guess', { fallback: 'ask' })],
      [note('fixed', { fallback: 'constant' }), note('pay', { once: true })],
    ];
    expect(show({ waves }).slice(2, 6)).toEqual([
      ' wave 1  quiet   stopped after 1m 30s of silence',
      '         guess   falls back on `ask`',
      ' wave 2  fixed   falls back on a constant',
      '         pay     never twice',
    ]);
  });

  it('gives no times without estimates', () => {
    const { sequentialMs: _, parallelMs: __, deadline: ___, ...worth } = explanation.worth;
    const lines = show({
      worth: {
        ...worth,
        answer: 'unknown',
        because: '`dig` has no `estimate`: give one to every brief to find out.',
      },
      longestPath: { briefs: ['a', 'b'] },
    });
    expect(lines.find((line) => line.includes('longest'))).toBe(' longest path   a → b');
    expect(lines.find((line) => line.includes('in sequence'))).toBeUndefined();
    expect(lines.find((line) => line.includes('worth'))).toBe(
      ' worth it       unknown: `dig` has no `estimate`: give one to every brief to',
    );
  });

  it('lets the briefs of a large plan flow, and cuts waves and lists that nobody would read', () => {
    const wave = Array.from({ length: 200 }, (_, i) => note(`brief_number_${i}`));
    const large = {
      briefs: { written: 4_000, least: 4_000, most: 4_000 },
      waves: Array.from({ length: 20 }, () => wave),
    };
    const lines = show(large);
    expect(lines[2]).toBe(' wave  1  brief_number_0, brief_number_1, brief_number_2, brief_number_3,');
    expect(lines[5]).toBe('          … of 200 briefs, all with -v');
    expect(lines).toContain(' … 8 more waves, all with -v');
    expect(lines.length).toBeLessThan(70);
    expect(show(large, true).join('\n')).toContain('brief_number_199');
  });

  it('shows a long path by its ends', () => {
    const briefs = Array.from({ length: 1_000 }, (_, i) => `b${i}`);
    expect(show({ longestPath: { briefs } }).find((line) => line.includes('longest'))).toBe(
      ' longest path   b0 → b1 → b2 → b3 → … 993 more … → b997 → b998 → b999',
    );
  });
});

it('says of pairs why they may not run side by side, and of the others only that they may', () => {
  const no = { yes: false, evidence: [] };
  const pair = {
    writeTheSame: no,
    needsOutput: no,
    usesNotYetMade: no,
    because: 'Both hold `books`, so they go one at a time.',
  };
  expect(
    pairsView(
      [
        { ...pair, briefs: ['licences', 'prices'], verdict: 'needs coordination' },
        { ...pair, briefs: ['dig', 'prices'], verdict: 'parallel' },
      ],
      false,
      PLAIN,
    ),
  ).toEqual([
    ' licences · prices   needs coordination   Both hold `books`, so they go one at a',
    '                                          time.',
    ' dig · prices        parallel',
  ]);
});
