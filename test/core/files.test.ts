import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gitThatWillDo } from '../../src/core/files/git.js';
import { leadsOut, namedBy, sortOut } from '../../src/core/files/produced.js';
import { renderGlob } from '../../src/core/plan/template.js';

describe('a link', () => {
  it.each([
    ['l', 'a', false],
    ['l', './a/b/', false],
    ['d/l', '../a', false],
    ['d/e/l', '../../a', false],
    ['l', '/etc/passwd', true],
    ['l', '..', true],
    ['d/l', '../../x', true],
    // By way of another link: `s` may lead to the root, and what is above that is outside.
    ['l', 's/../x', true],
    ['l', '.git/hooks', true],
    ['d/l', '../.GIT', true],
    ['d/l', '../s/..', true],
  ])('%s -> %s leads out: %s', (path, target, out) => expect(leadsOut(path, target)).toBe(out));

  it('that is said to stay inside does so, whatever other links it passes', () => {
    const name = fc.constantFrom('a', 'b', 'c');
    const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((steps) => steps.join('/'));
    const target = fc
      .array(fc.constantFrom('a', 'b', 'c', '..', '.'), { minLength: 1, maxLength: 5 })
      .map((steps) => steps.join('/'));
    const links = fc.dictionary(path, target, { maxKeys: 6 });
    fc.assert(
      fc.property(links, path, (all, start) => {
        const inside = Object.fromEntries(Object.entries(all).filter(([at, to]) => !leadsOut(at, to)));
        expect(walk(inside, start)).not.toBe('outside');
      }),
      { numRuns: 2_000 },
    );
  });
});

/** Where a path leads, step by step, as a kernel walks it: `outside` where it is ever above the root. */
function walk(links: { readonly [path: string]: string }, start: string): string {
  let here: string[] = [];
  const steps = start.split('/');
  for (let n = 0; steps.length > 0 && n < 200; n++) {
    const step = steps.shift()!;
    if (step === '.') continue;
    if (step === '..') {
      if (here.length === 0) return 'outside';
      here = here.slice(0, -1);
      continue;
    }
    const target = links[[...here, step].join('/')];
    // A link lies in a folder: what is below it is another path.
    if (target === undefined) here = [...here, step];
    else steps.unshift(...target.split('/'));
  }
  return 'inside';
}

describe('what a brief produces', () => {
  const change = (path: string) => ({ path, after: { mode: '100644' as const, id: '1', size: 1 } });

  it('is named relative to the plan’s folder; everything else it changed is a stray', () => {
    const named = namedBy(['src/*.mjs', './out/', '{a,b}.txt'], 'sub');
    const paths = [
      'sub/src/x.mjs',
      'sub/src/deep/x.mjs',
      'sub/out/any/.where',
      'sub/a.txt',
      'a.txt',
      'src/x.mjs',
    ];
    const { kept, strays } = sortOut({ changes: paths.map(change), unkeepable: [] }, named);
    expect(kept.map(({ path }) => path)).toEqual(['sub/src/x.mjs', 'sub/out/any/.where', 'sub/a.txt']);
    expect(strays.map(({ path }) => path)).toEqual(['a.txt', 'src/x.mjs', 'sub/src/deep/x.mjs']);
  });

  it('is named by values as they are: no sign in them is a wildcard', () => {
    fc.assert(
      fc.property(
        fc
          .string({ unit: 'grapheme', minLength: 1, maxLength: 8 })
          .filter((text) => !/[/\0]|^\.+$/.test(text)),
        (name) => {
          const named = namedBy([renderGlob('out/{{ params.name }}.txt', { params: { name } })], '');
          expect(named(`out/${name}.txt`)).toBe(true);
          expect(named(`out/x${name}.txt`)).toBe(false);
        },
      ),
    );
    expect(namedBy([renderGlob('{{ params.name | raw }}', { params: { name: '*' } })], '')('a')).toBe(true);
    for (const name of ['*', '!a', '[ab]', '{a,b}', '?', '+(a)', 'a|b', '**']) {
      const named = namedBy([renderGlob('{{ params.name }}', { params: { name } })], '');
      expect([named(name), named('a'), named('b')]).toEqual([true, false, false]);
    }
  });

  it('is everything where it does not say, but for what cannot be kept', () => {
    const unkeepable = [{ path: 'inner/', because: 'repository' as const }];
    const { kept, strays } = sortOut({ changes: [change('a')], unkeepable }, undefined);
    expect([kept.length, strays]).toEqual([1, [{ path: 'inner/', change: 'added', because: 'repository' }]]);
  });
});

it('git will do from 2.32', () => {
  const said = [
    'git version 2.39.5',
    'git version 2.32.0 (Apple Git-132)',
    'git version 3.0.1',
    'git version 2.31.9',
    'git version 1.99',
  ];
  expect(said.map(gitThatWillDo)).toEqual(['2.39.5', '2.32.0', '3.0.1', undefined, undefined]);
});
