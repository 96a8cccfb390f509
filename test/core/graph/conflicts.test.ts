import fc from 'fast-check';
import picomatch from 'picomatch';
import { describe, expect, it } from 'vitest';
import { globsOverlap } from '../../../src/core/graph/conflicts.js';

/** picomatch lets `a/**` name `a` itself but `*` + `/**` not; here both do. */
const matches = (glob: string, path: string): boolean =>
  picomatch.isMatch(path, glob.endsWith('/') ? `${glob}**` : glob, { dot: true }) ||
  (glob.endsWith('/**') && matches(glob.slice(0, -3), path));

/** Small alphabets, so that overlaps are neither rare nor certain. */
const piece = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('a', 'b', '.') },
  { weight: 3, arbitrary: fc.constantFrom('*', '?', '[ab]', '[^a]', '{a,b}', '{ab,*.b}') },
);
const segment = fc.oneof(
  { weight: 4, arbitrary: fc.array(piece, { minLength: 1, maxLength: 4 }).map((p) => p.join('')) },
  { weight: 1, arbitrary: fc.constant('**') },
);
const glob = fc
  .array(segment, { minLength: 1, maxLength: 3 })
  .map((s) => s.join('/'))
  .filter((g) => !/(^|\/)\.{1,2}(\/|$)/.test(g) && !/\*\*[^/]|[^/]\*\*/.test(g));
const path = fc
  .array(
    fc.array(fc.constantFrom('a', 'b', '.'), { minLength: 1, maxLength: 4 }).map((c) => c.join('')),
    {
      minLength: 1,
      maxLength: 3,
    },
  )
  .map((s) => s.join('/'))
  .filter((p) => !/(^|\/)\.{1,2}(\/|$)/.test(p));

describe('two globs', () => {
  it('that are said to overlap share the path given as witness (picomatch is the judge)', () => {
    let overlaps = 0;
    fc.assert(
      fc.property(glob, glob, (a, b) => {
        const witness = globsOverlap(a, b);
        if (witness === undefined) return;
        overlaps++;
        expect([witness, matches(a, witness), matches(b, witness)]).toEqual([witness, true, true]);
      }),
      { numRuns: 2000 },
    );
    expect(overlaps).toBeGreaterThan(200);
  });

  it('that are said to be apart have no path in common', () => {
    fc.assert(
      fc.property(glob, glob, path, (a, b, p) => {
        if (globsOverlap(a, b) === undefined) expect(matches(a, p) && matches(b, p)).toBe(false);
      }),
      { numRuns: 5000 },
    );
  });

  it('overlap or not whichever is named first', () => {
    fc.assert(
      fc.property(glob, glob, (a, b) => {
        expect(globsOverlap(a, b) === undefined).toBe(globsOverlap(b, a) === undefined);
      }),
    );
  });

  it.each([
    ['src/a.ts', 'src/a.ts', 'src/a.ts'],
    ['src/**', 'src/core/x.ts', 'src/core/x.ts'],
    ['src/*.ts', 'src/core/x.ts', undefined],
    ['docs/', 'docs/guide/start.md', 'docs/guide/start.md'],
    ['./out/./a', 'out/b/../a', 'out/a'],
    ['/etc/hosts', 'etc/hosts', undefined],
    ['/etc/hosts', '*/etc/hosts', undefined],
    ['/etc/*', '/etc/hosts', '/etc/hosts'],
    ['**/*.md', 'README.{md,txt}', 'README.md'],
    ['out/{{ item.name }}.json', 'out/all.json', 'out/all.json'],
    ['out/{{ item.name }}.json', 'logs/all.json', undefined],
    ['out/{% if x %}a{% endif %}', 'out/b', undefined],
    ['README.md', 'readme.md', undefined],
    ['.*', '.*', '.a.'],
    ['?', '.*', undefined],
    ['\\*', '*', '*'],
    ['[x-z]', '[b-y]', 'x'],
  ])('%s and %s: %s', (a, b, witness) => {
    expect(globsOverlap(a, b)).toBe(witness);
  });

  it('of a thousand brace alternatives are answered at once, and rather overlap than not', () => {
    const many = '{a,b}'.repeat(30);
    expect(globsOverlap(many, 'ababab'.repeat(5))).toBeDefined();
  });
});
