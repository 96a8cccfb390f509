import { describe, expect, it } from 'vitest';
import { type Evidence, independence, type Verdict } from '../../../src/core/explain/independence.js';
import { type BriefPart, list, planOf } from './support/plans.js';

interface Pair {
  readonly says: string;
  readonly a: BriefPart;
  readonly b: BriefPart;
  /** Other briefs of the plan. */
  readonly others?: { readonly [id: string]: BriefPart };
  /** Answers to the three questions. */
  readonly answers: readonly [writeTheSame: boolean, needsOutput: boolean, usesNotYetMade: boolean];
  readonly verdict: Verdict;
  /** Something the evidence must hold. */
  readonly evidence?: Partial<Evidence>;
}

const [no, yes] = [false, true];
const resources = { books: 1, browser: 4, db_row: 1, config: 1, main_branch: 1 };
const path = (path: string) => ({ kind: 'path', path }) as const;

/** Every combination that decides whether two briefs may run side by side, as a person would meet it. */
const PAIRS: readonly Pair[] = [
  {
    says: 'research on different topics',
    a: {},
    b: {},
    answers: [no, no, no],
    verdict: 'parallel',
  },
  {
    says: 'independent changes in different files',
    a: { reads: ['src/a.ts'], writes: ['src/a.ts'] },
    b: { reads: ['src/b.ts'], writes: ['src/b.ts'] },
    answers: [no, no, no],
    verdict: 'parallel',
  },
  {
    says: 'tests of different modules, both reading what neither writes',
    a: { reads: ['src/**'], writes: ['test/a/**'] },
    b: { reads: ['src/**'], writes: ['test/b/**'] },
    answers: [no, no, no],
    verdict: 'parallel',
  },
  {
    says: 'docs of different modules, in one folder under different names',
    a: { writes: ['docs/a-*.md'] },
    b: { writes: ['docs/b-*.md'] },
    answers: [no, no, no],
    verdict: 'parallel',
  },
  {
    says: 'separate concerns of one thing: security and performance of the same files',
    a: { reads: ['src/**/*.ts'] },
    b: { reads: ['src/**/*.ts'] },
    answers: [no, no, no],
    verdict: 'parallel',
  },
  {
    says: 'fan-outs whose instances write under folders of their own',
    a: { ...list('x', 'y'), writes: ['out/a/{{ it }}.json'] },
    b: { ...list('x', 'y'), writes: ['out/b/{{ it }}.json'] },
    answers: [no, no, no],
    verdict: 'parallel',
  },
  {
    says: 'two that wait for the same third',
    a: { needs: ['base'] },
    b: { needs: ['base'] },
    others: { base: {} },
    answers: [no, no, no],
    verdict: 'parallel',
  },
  {
    says: 'two that hold different locks',
    a: { uses: { books: 1 } },
    b: { uses: { config: 1 } },
    answers: [no, no, no],
    verdict: 'parallel',
  },
  {
    says: 'an aggregator: both hand in their own part, the integrator merges',
    a: { writes: ['parts/a.json'] },
    b: { writes: ['parts/b.json'] },
    others: { merge: { needs: ['a', 'b'], reads: ['parts/*.json'], writes: ['all.json'] } },
    answers: [no, no, no],
    verdict: 'parallel',
  },
  {
    says: 'one follows a known pattern that the other writes, and imports nothing of it',
    a: { writes: ['src/api.ts'] },
    b: { mirrors: ['src/api.ts'], writes: ['test/api.test.ts'] },
    answers: [no, no, no],
    verdict: 'parallel',
    evidence: { kind: 'mirrors', brief: 'b', path: 'src/api.ts' },
  },
  {
    says: 'one reads a folder, but mirrors just what the other writes there',
    a: { writes: ['src/api/users.ts'] },
    b: { reads: ['src/**'], mirrors: ['src/api/**'] },
    answers: [no, no, no],
    verdict: 'parallel',
    evidence: { kind: 'mirrors', brief: 'b', path: 'src/api/users.ts' },
  },
  {
    says: 'paths told apart by a parameter',
    a: { writes: ['out/{{ params.one }}.md'] },
    b: { writes: ['out/{{ params.two }}.md'] },
    answers: [no, no, no],
    verdict: 'parallel',
  },
  {
    says: 'data dependence: one needs the output of the other',
    a: {},
    b: { needs: ['a'], context: ['a'] },
    answers: [no, yes, no],
    verdict: 'sequence',
    evidence: { kind: 'needs', path: ['b', 'a'] },
  },
  {
    says: 'order dependence: one waits for the other and uses nothing of it',
    a: { needs: ['b'] },
    b: {},
    answers: [no, yes, no],
    verdict: 'sequence',
    evidence: { kind: 'needs', path: ['a', 'b'] },
  },
  {
    says: 'a dependence through others, shortest way named',
    a: {},
    b: { needs: ['long', 'mid'] },
    others: { mid: { needs: ['a'] }, long: { needs: ['longer'] }, longer: { needs: ['a'] } },
    answers: [no, yes, no],
    verdict: 'sequence',
    evidence: { kind: 'needs', path: ['b', 'mid', 'a'] },
  },
  {
    says: 'pairwise fan-outs: item k of one needs item k of the other',
    a: list('x', 'y'),
    b: { needs: ['a'], forEach: { source: { kind: 'each', brief: 'a' }, as: 'it', max: 10 } },
    answers: [no, yes, no],
    verdict: 'sequence',
  },
  {
    says: 'the same file',
    a: { writes: ['report.md'] },
    b: { writes: ['report.md'] },
    answers: [yes, no, no],
    verdict: 'sequence',
    evidence: path('report.md'),
  },
  {
    says: 'the same file among many: globs that cross',
    a: { writes: ['src/*/index.ts'] },
    b: { writes: ['src/core/**'] },
    answers: [yes, no, no],
    verdict: 'sequence',
    evidence: path('src/core/index.ts'),
  },
  {
    says: 'shared mutable state: a database file both change',
    a: { reads: ['state.db'], writes: ['state.db'] },
    b: { reads: ['state.db'], writes: ['state.db'] },
    answers: [yes, no, yes],
    verdict: 'sequence',
    evidence: path('state.db'),
  },
  {
    says: 'a fan-out that may write what a single brief writes',
    a: { ...list('x', 'all'), writes: ['out/{{ it }}.json'] },
    b: { writes: ['out/all.json'] },
    answers: [yes, no, no],
    verdict: 'sequence',
    evidence: path('out/all.json'),
  },
  {
    says: 'the same file, in a known order',
    a: { writes: ['report.md'] },
    b: { writes: ['report.md'], needs: ['a'] },
    answers: [yes, yes, no],
    verdict: 'sequence',
  },
  {
    says: 'one reads what the other has yet to write',
    a: { writes: ['schema.json'] },
    b: { reads: ['schema.json'] },
    answers: [no, no, yes],
    verdict: 'sequence',
    evidence: path('schema.json'),
  },
  {
    says: 'one reads what the other writes, and waits for it',
    a: { writes: ['schema.json'] },
    b: { reads: ['schema.json'], needs: ['a'] },
    answers: [no, yes, no],
    verdict: 'sequence',
  },
  {
    says: 'an API contract: one mirrors it, but reads another file that the first writes too',
    a: { writes: ['api/contract.json', 'api/types.ts'] },
    b: { reads: ['api/types.ts'], mirrors: ['api/contract.json'] },
    answers: [no, no, yes],
    verdict: 'sequence',
    evidence: path('api/types.ts'),
  },
  {
    says: 'mirroring does not excuse writing the same file',
    a: { writes: ['src/api.ts'] },
    b: { writes: ['src/api.ts'], mirrors: ['src/api.ts'] },
    answers: [yes, no, no],
    verdict: 'sequence',
  },
  {
    says: 'shared configuration, changed in turns under a lock',
    a: { writes: ['config.json'], uses: { config: 1 } },
    b: { writes: ['config.json'], uses: { config: 1 } },
    answers: [yes, no, no],
    verdict: 'needs coordination',
    evidence: { kind: 'resource', resource: 'config', together: false },
  },
  {
    says: 'a database schema: different migrations, one lock',
    a: { writes: ['migrations/1.sql'], uses: { db_row: 1 } },
    b: { writes: ['migrations/2.sql'], uses: { db_row: 1 } },
    answers: [yes, no, no],
    verdict: 'needs coordination',
    evidence: { kind: 'resource', resource: 'db_row', capacity: 1, together: false },
  },
  {
    says: 'merges into one branch, in turns',
    a: { uses: { main_branch: 1 } },
    b: { uses: { main_branch: 1 } },
    answers: [yes, no, no],
    verdict: 'needs coordination',
  },
  {
    says: 'a pool with room for both at once',
    a: { uses: { browser: 1 } },
    b: { uses: { browser: 2 } },
    answers: [yes, no, no],
    verdict: 'needs coordination',
    evidence: { kind: 'resource', resource: 'browser', capacity: 4, together: true },
  },
  {
    says: 'a pool too small for both at once',
    a: { uses: { browser: 3 } },
    b: { uses: { browser: 2 } },
    answers: [yes, no, no],
    verdict: 'needs coordination',
    evidence: { kind: 'resource', together: false },
  },
  {
    says: 'a pool does not make the same file safe',
    a: { writes: ['log.txt'], uses: { browser: 1 } },
    b: { writes: ['log.txt'], uses: { browser: 1 } },
    answers: [yes, no, no],
    verdict: 'sequence',
  },
  {
    says: 'a lock does not make what is read exist',
    a: { writes: ['schema.json'], uses: { config: 1 } },
    b: { reads: ['schema.json'], uses: { config: 1 } },
    answers: [yes, no, yes],
    verdict: 'sequence',
  },
  {
    says: 'a lock between two that are ordered anyway',
    a: { uses: { books: 1 } },
    b: { uses: { books: 1 }, needs: ['a'] },
    answers: [yes, yes, no],
    verdict: 'sequence',
  },
];

describe('two briefs', () => {
  it.each(PAIRS)('$says: $verdict', ({ a, b, others = {}, answers, verdict, evidence }) => {
    const test = independence(planOf({ a, b, ...others }, { resources, params: { one: 'x', two: 'y' } }));
    for (const pair of [test('a', 'b'), test('b', 'a')]) {
      const { writeTheSame, needsOutput, usesNotYetMade } = pair;
      expect([writeTheSame.yes, needsOutput.yes, usesNotYetMade.yes]).toEqual(answers);
      expect(pair.verdict).toBe(verdict);
      const all = [writeTheSame, needsOutput, usesNotYetMade].flatMap((answer) => answer.evidence);
      if (evidence) expect(all).toContainEqual(expect.objectContaining(evidence));
      for (const answer of [writeTheSame, needsOutput]) expect(answer.evidence.length > 0).toBe(answer.yes);
      expect(pair.because).toMatch(/^.+\.$/);
    }
  });

  it('are told apart by at least 24 kinds of pair, each verdict among them', () => {
    expect(PAIRS.length).toBeGreaterThanOrEqual(24);
    expect(new Set(PAIRS.map(({ verdict }) => verdict)).size).toBe(3);
  });

  it('name who waits for whom, who reads what, and what to do', () => {
    const test = independence(planOf({ a: { writes: ['x'] }, b: { reads: ['x'] }, c: { needs: ['a'] } }));
    expect(test('a', 'b').because).toBe(
      '`b` reads what `a` has yet to write, such as `x`. Let it need it, or name the path under `mirrors` if its shape is known.',
    );
    expect(test('a', 'c').because).toBe('`c` needs `a`, so it starts after it.');
  });

  it('must both be in the plan, and be two', () => {
    const test = independence(planOf({ a: {} }));
    expect(() => test('a', 'z')).toThrow('no brief is called `z` in this plan.');
    expect(() => test('a', 'a')).toThrow('`a` is one brief');
  });
});
