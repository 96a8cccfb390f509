import fc from 'fast-check';
import type { Json } from '../../../src/core/outcome/canonical.js';
import {
  deliveredBy,
  good,
  insertedIn,
  labelOf,
  type Mutate,
  misread,
  ORDERS,
  OTHER_KINDS,
  only,
  pick,
  rowOf,
  some,
  UNSEEN,
} from './mutations.js';
import type { Row, Survey } from './random.js';

/** Ends every name that is made here. */
const CYRILLIC_X = 'х';
const FIGURES = ['price', 'seats'] as const;
const FIELDS = ['vendor', 'price', 'seats', 'source'] as const;
/** Names a row by whose it is, or by where it stands. */
const rowAt = ({ vendors }: Survey, vendor: string): readonly string[] => [
  vendor,
  `$.rows[${vendors.indexOf(vendor)}]`,
];

const row =
  (change: (row: Row, draw: Parameters<Mutate>[1]) => readonly Json[]): Mutate =>
  (survey, draw) => {
    const [vendor = ''] = some(draw, survey, 1);
    return {
      tampered: { ends: rowOf(survey, vendor, (one) => change(one, draw)) },
      place: rowAt(survey, vendor),
    };
  };
const inSource = (what: readonly string[]): Mutate =>
  row((one, draw) => [{ ...one, source: insertedIn(draw, one.source, pick(draw, what)) }]);
const inNote =
  (what: readonly string[]): Mutate =>
  (survey, draw) => {
    const [vendor = ''] = some(draw, survey, 1);
    const value = deliveredBy(survey.ends, labelOf(vendor));
    const note = insertedIn(draw, `${vendor} was looked at.`, pick(draw, what));
    return {
      tampered: { ends: { [labelOf(vendor)]: good({ ...value, notes: [note] }) } },
      place: ['$.notes['],
    };
  };

/** What a brief delivered of its vendor. */
export const rows: { readonly [what: string]: Mutate } = {
  'a digit of a figure': row((one, draw) => {
    const field = pick(draw, FIGURES);
    return [{ ...one, [field]: misread(draw, one[field]) }];
  }),
  'a sign of a figure': row((one, draw) => {
    const field = pick(draw, FIGURES);
    return [{ ...one, [field]: -one[field] }];
  }),
  'the two figures of a row, swapped': row((one) => [{ ...one, price: one.seats, seats: one.price }]),
  'a figure of two rows, swapped': (survey, draw) => {
    const [a = '', b = ''] = some(draw, survey, 2);
    const field = pick(draw, FIGURES);
    const from = (of: string, with_: string) =>
      rowOf(survey, of, (one) => [{ ...one, [field]: only(survey, with_)[field] }]);
    return {
      tampered: { ends: { ...from(a, b), ...from(b, a) } },
      place: [...rowAt(survey, a), ...rowAt(survey, b)],
    };
  },
  'all figures of two rows, swapped': (survey, draw) => {
    const [a = '', b = ''] = some(draw, survey, 2);
    const from = (of: string, with_: string) =>
      rowOf(survey, of, (one) => [{ ...only(survey, with_), vendor: one.vendor, source: one.source }]);
    return {
      tampered: { ends: { ...from(a, b), ...from(b, a) } },
      place: [...rowAt(survey, a), ...rowAt(survey, b)],
    };
  },
  'a field that is left out': row((one, draw) => {
    const { [pick(draw, FIELDS)]: _, ...rest } = one;
    return [rest as Json];
  }),
  'a field of another kind': row((one, draw) => [{ ...one, [pick(draw, FIELDS)]: pick(draw, OTHER_KINDS) }]),
  'a field that nobody asked for': row((one, draw) => [
    { ...one, [pick(draw, ['rank', 'validated', '__proto__x', 'constructor'])]: pick(draw, OTHER_KINDS) },
  ]),
  'a figure out of its range': row((one, draw) => [{ ...one, price: draw(fc.integer, { min: 10_001 }) }]),
  'a row under a name that nobody has': row((one, draw) => [
    { ...one, vendor: insertedIn(draw, one.vendor, 'q') },
  ]),
  'a row under a name that looks the same': row((one) => [
    { ...one, vendor: one.vendor.replace('x', CYRILLIC_X) },
  ]),
  'a row under a name in other letters': row((one) => [{ ...one, vendor: one.vendor.toUpperCase() }]),
  'a row under the name of another': (survey, draw) => {
    const [a = '', b = ''] = some(draw, survey, 2);
    return { tampered: { ends: rowOf(survey, a, (one) => [{ ...one, vendor: b }]) }, place: [a, b] };
  },
  'a row said again': row((one) => [one, one]),
  'a row said again with another value': row((one, draw) => {
    const field = pick(draw, FIGURES);
    return draw(fc.boolean)
      ? [one, { ...one, [field]: misread(draw, one[field]) }]
      : [{ ...one, [field]: misread(draw, one[field]) }, one];
  }),
  'a row said again under another name': row((one, draw) => [
    one,
    { ...one, vendor: insertedIn(draw, one.vendor, 'q') },
  ]),
  'a row that is gone': row(() => []),
  'a row in place of which there is something else': row((_, draw) => [pick(draw, OTHER_KINDS)]),
  'a link, altered': row((one, draw) => [
    { ...one, source: insertedIn(draw, one.source, pick(draw, [...'abz/.'])) },
  ]),
  'a link of another': (survey, draw) => {
    const [a = '', b = ''] = some(draw, survey, 2);
    const { source } = only(survey, b);
    return { tampered: { ends: rowOf(survey, a, (one) => [{ ...one, source }]) }, place: [source] };
  },
  'a link to what is run': row((one) => [{ ...one, source: `javascript:alert('${one.source}')` }]),
  'orders in a field': inSource(ORDERS),
  'characters nobody sees, in a field': inSource(UNSEEN),
  'orders in a note': inNote(ORDERS),
  'characters nobody sees, in a note': inNote(UNSEEN),
};
