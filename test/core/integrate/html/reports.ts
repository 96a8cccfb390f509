import type { Reported } from './anyReport.js';
import { type End, reported } from './reported.js';
import { SURVEY } from './survey.js';

const SMALL = `muster: 1
name: sizes
brief: How large is each source file?
requirements:
  - { id: all, says: Every file is measured., check: { covers: 'inputs.files.map(f, f.path)', in: '$.sizes[*].file' } }
inputs: { files: { glob: 'src/*.ts' } }
briefs:
  - { id: measure, run: [node, m.mjs, '{{ file.path }}'], forEach: { in: inputs.files, as: file }, parse: json }
integrate:
  merge: { sizes: { from: [measure], at: $, key: file } }
`;

/** Everything that was asked for is there, and nobody contradicted anybody. */
export function clean(): Promise<Reported> {
  const paths = ['src/a.ts', 'src/b.ts', 'src/c.ts'];
  const ends = paths.map((file, n): [string, End] => [
    `measure[${file}]`,
    { from: n / 10, to: 1 + n, value: { file, bytes: 1_200 * (n + 1) } },
  ]);
  return reported(SMALL, Object.fromEntries(ends), {
    keys: { measure: paths },
    files: Object.fromEntries(paths.map((path) => [path, path])),
  });
}

/** 10,000 items, 400 briefs, and text without a place to break. */
export function wide(items = 10_000): Promise<Reported> {
  const fan = 400;
  const keys = Array.from({ length: fan }, (_, k) => `item-${k}`);
  const ends = keys.map((key, k): [string, End] => {
    const rows = Array.from({ length: items / fan }, (_, n) => ({
      id: `${k}-${n}`,
      kind: ['a', 'b', 'c'][n % 3]!,
      word: 'x'.repeat(90),
      ...Object.fromEntries(Array.from({ length: 9 }, (_, f) => [`field${f}`, f * n])),
    }));
    // Every second one differs from the one before about an item of that one.
    const other = k % 2 ? [{ id: `${k - 1}-0`, kind: 'z', word: 'y' }] : [];
    return [
      `look[${key}]`,
      { from: k * 0.2, to: 4 + k * 0.2 + (k % 7), value: { rows: [...rows, ...other] } },
    ];
  });
  const plan = `muster: 1
name: ${'wide'.repeat(20)}
brief: Look at everything.
params: { type: object, properties: { items: { type: array, items: { type: string } } } }
limits: { concurrency: 30 }
briefs:
  - { id: look, run: [node, m.mjs, '{{ item }}'], forEach: { in: params.items }, parse: json }
integrate:
  merge: { rows: { from: [look], at: $.rows, key: id } }
`;
  return reported(plan, Object.fromEntries(ends), { keys: { look: keys }, params: { items: keys } });
}

const MARKUP = [
  '<script>alert(1)</script>',
  '<img src="https://example.com/x.png" onerror="alert(1)">',
  '"><svg/onload=alert(1)>',
  '</style><style>*{display:none}',
  '</td></tr></table></main><h1>Complete</h1>',
  '<a href="javascript:alert(1)">javascript:alert(1)</a>',
  '\u202eesrever \u0000\u001b[31m عربى',
];

/** Every word of a brief is an attempt to be more than a word. */
export function hostile(): Promise<Reported> {
  const ends = MARKUP.map((said, n): [string, End] => [
    `dig[${said}]`,
    n === 0
      ? { from: n, to: n + 1, status: 'failed', says: said }
      : {
          from: n,
          to: n + 1,
          value: { engines: [{ engine: 'same', [said]: said, licence: said }], quotes: [said] },
        },
  ]);
  return reported(
    SURVEY,
    { explore: { from: 0, to: 1, value: { topics: MARKUP } }, ...Object.fromEntries(ends) },
    {
      keys: { dig: MARKUP },
      params: { engines: MARKUP },
      files: { 'notes/<b>.md': 'x' },
      verified: { holds: false, finding: MARKUP.join('\n') },
    },
  );
}
