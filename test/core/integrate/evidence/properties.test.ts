import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkerOf } from '../../../../src/core/integrate/evidence/check.js';
import type { Json } from '../../../../src/core/outcome/canonical.js';
import { formats, withDigitChanged } from './formats.js';

const FIELDS = ['price', 'weight', 'capacity', 'height', 'score', 'volume', 'speed', 'distance'];
const syllable = fc.constantFrom('ba', 'lo', 'ri', 'ten', 'mar', 'vos', 'quel', 'dun', 'zi', 'har');
const name = fc
  .array(syllable, { minLength: 3, maxLength: 4 })
  .map((parts) => parts.join('').replace(/^./, (first) => first.toUpperCase()));
/** No years: of those only what stands around them tells what they are. */
const value = fc
  .tuple(fc.integer({ min: 1, max: 99_999_999 }), fc.constantFrom(0, 0, 0, 1, 2))
  .map(([whole, decimals]) => Number((whole / 10 ** decimals).toFixed(decimals)))
  .filter((number) => number < 1_400 || number > 2_200);

type Row = { readonly name: string; readonly values: readonly number[] };
interface World {
  readonly fields: readonly string[];
  readonly rows: readonly Row[];
}
const world: fc.Arbitrary<World> = fc
  .tuple(
    fc.shuffledSubarray(FIELDS, { minLength: 1, maxLength: 4 }),
    fc.uniqueArray(name, { minLength: 1, maxLength: 5 }),
  )
  .chain(([fields, names]) =>
    fc
      .array(fc.array(value, { minLength: fields.length, maxLength: fields.length }), {
        minLength: names.length,
        maxLength: names.length,
      })
      .map((values) => ({ fields, rows: names.map((name, n) => ({ name, values: values[n]! })) })),
  );

const capital = (word: string) => word.replace(/^./, (first) => first.toUpperCase());
/** How the same records can come from a brief. */
const RENDERINGS: { readonly [kind: string]: (world: World, pick: (of: number) => string) => Json } = {
  'objects in a list': ({ fields, rows }) =>
    rows.map(({ name, values }) => ({
      name,
      ...Object.fromEntries(fields.map((field, f) => [field, values[f]!])),
    })),
  'a table': ({ fields, rows }, pick) =>
    [
      ['Name', ...fields],
      ['---', ...fields.map(() => '---')],
      ...rows.map(({ name, values }) => [name, ...values.map(pick)]),
    ]
      .map((cells) => `| ${cells.join(' | ')} |`)
      .join('\n'),
  'a table between commas': ({ fields, rows }) =>
    [['name', 'kind', ...fields], ...rows.map(({ name, values }) => [name, 'x', ...values])].join('\n'),
  fields: ({ fields, rows }, pick) =>
    rows
      .map(({ name, values }) =>
        [`Name: ${name}`, ...fields.map((field, f) => `${capital(field)}: ${pick(values[f]!)}`)].join('\n'),
      )
      .join('\n\n'),
  sentences: ({ fields, rows }, pick) =>
    rows
      .flatMap(({ name, values }) =>
        fields.map((field, f) => `The ${field} of ${name} is ${pick(values[f]!)}.`),
      )
      .join(' '),
};
const STATEMENTS: readonly ((name: string, field: string, figure: string) => string)[] = [
  (name, field, figure) => `The ${field} of ${name} is ${figure}.`,
  (name, field, figure) => `${name} has a ${field} of ${figure}.`,
  (name, field, figure) => `With ${name} the ${field} comes to ${figure}, which is known.`,
  (name, field, figure) => `| ${name} | ${field} | ${figure} |`,
];

const given = fc.record({
  world,
  kind: fc.constantFrom(...Object.keys(RENDERINGS)),
  wording: fc.constantFrom(...STATEMENTS),
  at: fc.tuple(fc.nat(), fc.nat()),
  formats: fc.infiniteStream(fc.nat()),
  digit: fc.nat(),
});

/** One figure of one record, the source that has it, and a statement about it. */
function drawn({
  world,
  kind,
  wording,
  at,
  formats: stream,
  digit,
}: typeof given extends fc.Arbitrary<infer T> ? T : never) {
  const pick = (number: number): string => {
    const all = formats(number);
    return all[stream.next().value % all.length]!;
  };
  const row = world.rows[at[0] % world.rows.length]!;
  const f = at[1] % world.fields.length;
  const check = checkerOf(new Map([['source', [{ value: RENDERINGS[kind]!(world, pick) }]]]));
  const say = (figure: string) =>
    check({ text: wording(row.name, world.fields[f]!, figure), cites: ['source'] });
  return { row, figure: pick(row.values[f]!), written: String(row.values[f]), say, digit };
}

describe('a figure of a record', () => {
  it('is found however the record and the statement write it', () => {
    fc.assert(
      fc.property(given, (one) => {
        const { say, figure } = drawn(one);
        expect(say(figure)).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('is not found with any digit changed, unless the record has that figure too', () => {
    fc.assert(
      fc.property(given, (one) => {
        const { say, row, written, digit } = drawn(one);
        const changed = withDigitChanged(written, digit);
        fc.pre(!row.values.includes(Number(changed)));
        expect(say(changed).map(({ kind }) => kind)).toContain('figure');
      }),
      { numRuns: 1_000 },
    );
  });
});
