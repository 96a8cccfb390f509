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
  pick,
  some,
  statements,
} from './mutations.js';
import { LICENCES, type Survey } from './random.js';

/** What other briefs made of it. */
export const others: { readonly [what: string]: Mutate } = {
  'a licence that there is not': (survey, draw) => {
    const n = draw(fc.nat, survey.vendors.length - 1);
    const all = deliveredBy(survey.ends, 'licences').rows as readonly { readonly vendor: string }[];
    const licence = insertedIn(draw, pick(draw, LICENCES), pick(draw, ['x', ' ', ...ORDERS]));
    const rows = all.with(n, { ...all[n]!, licence } as never) as unknown as Json;
    return { tampered: { ends: { licences: good({ rows }) } }, place: [`$.rows[${n}]`, survey.vendors[n]!] };
  },
  'a licence left out': (survey, draw) => {
    const n = draw(fc.nat, survey.vendors.length - 1);
    const rows = (deliveredBy(survey.ends, 'licences').rows as readonly Json[]).filter((_, at) => at !== n);
    return { tampered: { ends: { licences: good({ rows }) } }, place: [`$.rows[${n}]`, survey.vendors[n]!] };
  },
  'a sum': (survey, draw) => {
    const totals = deliveredBy(survey.ends, 'totals').totals as readonly {
      readonly of: string;
      readonly is: number;
    }[];
    const n = draw(fc.nat, 1);
    const wrong = { ...totals[n]!, is: misread(draw, totals[n]!.is) };
    return {
      tampered: { ends: { totals: good({ totals: totals.with(n, wrong) as unknown as Json }) } },
      place: [`"${wrong.of}"`],
    };
  },
  'a sum that is left out, or none': (survey, draw) => {
    const totals = deliveredBy(survey.ends, 'totals').totals as readonly { readonly of: string }[];
    const n = draw(fc.nat, 1);
    const rest = pick<readonly Json[]>(draw, [
      [totals[1 - n] as Json],
      totals.with(n, { ...totals[n]!, is: 'much' } as never) as unknown as Json[],
    ]);
    return { tampered: { ends: { totals: good({ totals: rest }) } }, place: [totals[n]!.of, 'totals'] };
  },
};

/** One of those that are there: only a page that says whose it is tells. */
export const licenceOfAnother: Mutate = ({ vendors, ends }, draw) => {
  const all = deliveredBy(ends, 'licences').rows as readonly { readonly licence: string }[];
  const names = [...new Set(all.map(({ licence }) => licence))];
  fc.pre(names.length > 1);
  const n = draw(fc.nat, vendors.length - 1);
  const licence = pick(
    draw,
    names.filter((one) => one !== all[n]!.licence),
  );
  const rows = all.with(n, { ...all[n]!, licence }) as unknown as Json;
  return { tampered: { ends: { licences: good({ rows }) } }, place: [`$.rows[${n}]`] };
};

/** Names a statement by where it stands. */
const statementAt = ({ vendors }: Survey, vendor: string): readonly string[] => [
  `$.statements[${vendors.indexOf(vendor)}]`,
];

const said =
  (
    change: (
      said: Parameters<Parameters<typeof statements>[1]>[0],
      draw: Parameters<Mutate>[1],
      other: string,
    ) => readonly Json[],
    place?: string,
  ): Mutate =>
  (survey, draw) => {
    const [vendor = '', other = ''] = some(draw, survey, 2);
    const ends = statements(survey, (one) => (one.about === vendor ? change(one, draw, other) : [one]));
    return { tampered: { ends }, place: place === undefined ? statementAt(survey, vendor) : [place] };
  };

/** What a brief says in sentences, of what others delivered. */
export const sentences: { readonly [what: string]: Mutate } = {
  'a digit of a figure that a statement cites': said((one, draw) => {
    const text = one.text.replace(/,(?=\d{3})/g, '');
    const figures = [...text.matchAll(/\d+/g)].map(([figure]) => figure);
    const figure = pick(draw, figures);
    const wrong = `${misread(draw, Number(figure))}`;
    // Of one subject any of its figures will do: in prose nothing says which is which.
    fc.pre(!figures.includes(wrong));
    return [{ ...one, text: text.replace(figure, wrong) }];
  }),
  'the figures of two statements, swapped': (survey, draw) => {
    const [a = '', b = ''] = some(draw, survey, 2);
    const all = deliveredBy(survey.ends, 'summary').statements as readonly {
      readonly about: string;
      readonly text: string;
    }[];
    const textOf = (vendor: string) => all.find(({ about }) => about === vendor)!.text;
    const swap = (mine: string, theirs: string) => textOf(theirs).replaceAll(theirs, mine);
    const ends = statements(survey, (one) => [
      one.about === a ? { ...one, text: swap(a, b) } : one.about === b ? { ...one, text: swap(b, a) } : one,
    ]);
    return { tampered: { ends }, place: [...statementAt(survey, a), ...statementAt(survey, b)] };
  },
  'a name in a statement': said((one, _, other) => [{ ...one, text: one.text.replaceAll(one.about, other) }]),
  'a name that nobody has, in a statement': said((one) => [
    { ...one, text: one.text.replaceAll(one.about, 'Quorvia Systems') },
  ]),
  'a quotation that nobody said': said((one) => [
    { ...one, text: `${one.text} It is “the best of all offers”.` },
  ]),
  'a link that nobody gave': said((one) => [
    { ...one, text: `${one.text} See https://quorvia.example/best` },
  ]),
  'a date that nobody gave': said((one) => [{ ...one, text: `${one.text} That holds until 2031-07-14.` }]),
  'a cite of another brief': said((one, _, other) => [{ ...one, cites: [labelOf(other)] }]),
  'a cite of no brief': said((one, draw) => [{ ...one, cites: [insertedIn(draw, one.cites[0]!, 'q')] }]),
  'a forged cite beside the true one': said((one, draw) => [
    { ...one, cites: [...one.cites, pick(draw, ['atlas', 'dig[Quorvia]', 'https://a.example'])] },
  ]),
  'no cite': said((one, draw) => [{ ...one, cites: pick<Json>(draw, [[], null, '', {}, [7]]) }]),
  'a statement that is gone': said(() => [], '$.statements'),
  'a statement said again in other words': said(
    (one) => [one, { ...one, text: `Now ${one.text}` }],
    '$.statements',
  ),
  'a statement about nobody': said(
    (one, draw) => [{ ...one, about: pick(draw, ['', 'Quorvia', ...ORDERS]) }],
    '$.statements[*].about',
  ),
};
