import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type Place, place } from '../support/muster.js';

let here: Place;
afterEach(() => here.close());

const plan = (briefs: string, rest = ''): string =>
  `muster: 1\nname: bad\nbrief: Be refused.\n${rest}briefs:\n${briefs}`;
const one = (more: string): string => plan(`  - id: a\n    run: [node, --version]\n${more}`);

/** What is wrong, the document, and what the message must say. */
const BAD: readonly (readonly [what: string, document: string, says: RegExp])[] = [
  ['an empty file', '', /empty/],
  ['wrong YAML', 'muster: 1\nbriefs: [unclosed\n', /line 3|line 2/],
  ['17 MB', `muster: 1\n# ${'x'.repeat(17 * 2 ** 20)}`, /16 MB/],
  [
    'a billion laughs',
    `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghij'
      .split('')
      .map((c, n) => `${c}: &${c} [${Array(9).fill(`*${'abcdefghi'[n]}`).join(',')}]`)
      .join('\n')}\n`,
    /alias|expand/i,
  ],
  ['nesting of 10,000', `muster: 1\nname: ${'['.repeat(10_000)}${']'.repeat(10_000)}`, /nested|deep/i],
  ['__proto__ as an id', plan('  - { id: __proto__, run: [node] }'), /line 5 .*an id is lower-case/],
  ['duplicate ids', plan('  - { id: a, run: [node] }\n  - { id: a, run: [node] }'), /line 6.*|already/],
  [
    'a dangling need',
    plan('  - { id: explore, run: [node] }\n  - { id: b, run: [node], needs: [explor] }'),
    /Did you mean `explore`/,
  ],
  [
    'a cycle',
    plan('  - { id: a, run: [node], needs: [b] }\n  - { id: b, run: [node], needs: [a] }'),
    /a → b → a|b → a → b/,
  ],
  ['an unknown key', one('    timeot: 5m\n'), /`timeot`.*Did you mean `timeout`/s],
  ['a key of a later version', `${one('')}grain: brief\n`, /does not support/],
  [
    'an empty glob with min',
    plan('  - { id: a, run: [node] }', 'inputs: { notes: { glob: "none/*.md", min: 1 } }\n'),
    /none\/\*\.md/,
  ],
  ['a template error', plan('  - id: a\n    run: [node, "{{ params.x | nope }}"]\n'), /line 6/],
  [
    'a command that does not exist',
    plan('  - { id: a, run: [no-such-command-here] }'),
    /no-such-command-here/,
  ],
  [
    'an argument that is a template and begins with `-`',
    plan(
      '  - { id: a, run: [node, "{{ params.x }}"] }',
      'params: { type: object, properties: { x: { type: string, default: "--eval=1" } } }\n',
    ),
    /allowDash/,
  ],
  ['a schema that is not one', one('    output: { type: strin }\n'), /line 7/],
  [
    '1,001 briefs',
    plan(Array.from({ length: 1001 }, (_, n) => `  - { id: b${n}, run: [node] }`).join('\n')),
    /1,000/,
  ],
];

describe('bad input is one clear error, exit code 2, and nothing is started', () => {
  it.each(BAD)('%s', async (_, document, says) => {
    here = place({ embedded: true });
    const file = here.write('plan.yaml', document);
    const { code, stdout, stderr } = await here.muster('run', file);
    expect(stderr).toMatch(says);
    expect(stderr).toContain('nothing was started');
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stderr.length).toBeLessThan(2_000);
    expect([code, stdout]).toEqual([2, '']);
    expect(existsSync(join(here.folder, 'home', 'supervisor.json'))).toBe(false);
  });

  it('a file that is not there, and a folder in its place', async () => {
    here = place({ embedded: true });
    for (const path of ['nowhere.yaml', here.folder]) {
      const { code, stderr } = await here.muster('run', path);
      expect(code).toBe(2);
      expect(stderr).toContain(path);
      expect(stderr.trim().split('\n').length).toBeLessThanOrEqual(3);
    }
    expect(readdirSync(here.folder)).not.toContain('supervisor.json');
  });

  it('several mistakes are told at once, each with its line', async () => {
    here = place({ embedded: true });
    const file = here.write(
      'plan.yaml',
      plan('  - { id: a, run: [node], needs: [z] }\n  - { id: b, rum: [node] }'),
    );
    const { code, stderr } = await here.muster('plan', file);
    expect(code).toBe(2);
    expect(stderr).toMatch(/line 5 /);
    expect(stderr).toMatch(/line 6 /);
  });
});
