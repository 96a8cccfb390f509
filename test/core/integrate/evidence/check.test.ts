import { describe, expect, it } from 'vitest';
import { checkerOf } from '../../../../src/core/integrate/evidence/check.js';
import type { Json } from '../../../../src/core/outcome/canonical.js';

const findings = (source: Json, text: string) =>
  checkerOf(new Map([['a', [{ value: source }]]]))({ text, cites: ['a'] }).map(({ token, kind, why }) => [
    kind,
    token,
    why,
  ]);
const NOT = 'not in the cited result';
const OTHER = 'about another subject';

describe('a statement', () => {
  const check = checkerOf(
    new Map([
      ['a', [{ value: 'Arden has 12 wells.' }]],
      ['b', [{ value: 'Belmont has 7 wells.' }]],
      ['none', []],
    ]),
  );

  it('that cites no brief is refused, whatever it says', () => {
    expect(check({ text: 'Nothing much.', cites: [] })).toEqual([
      { token: '', kind: 'citation', why: 'no brief cited' },
    ]);
  });
  it('that cites a brief which is none is refused, and held against the others that it cites', () => {
    expect(check({ text: 'Arden has 13 wells.', cites: ['c', 'a'] })).toEqual([
      { token: 'c', kind: 'citation', why: 'unknown id' },
      { token: '13', kind: 'figure', why: NOT },
    ]);
  });
  it('that cites the wrong brief is told that another one has it', () => {
    expect(check({ text: 'Arden has 12 wells.', cites: ['b'] })).toContainEqual({
      token: '12',
      kind: 'figure',
      why: "in another brief's result",
    });
  });
  it('that was merged from several briefs is found where it cites all of them', () => {
    const text = 'Arden has 12 wells and Belmont has 7 wells.';
    expect(check({ text, cites: ['a', 'b'] })).toEqual([]);
    expect(check({ text, cites: ['a'] })).not.toEqual([]);
  });
  it('that cites a brief without a result is found nowhere', () => {
    expect(check({ text: 'There are 12 wells.', cites: ['none'] })).toMatchObject([{ token: '12' }]);
  });
  it('that is a quotation as a whole must stand there word for word', () => {
    expect(check({ text: 'arden has  12 wells', cites: ['a'], verbatim: true })).toEqual([]);
    expect(check({ text: 'Arden has twelve wells', cites: ['a'], verbatim: true })).toMatchObject([
      { kind: 'quotation' },
    ]);
  });
});

describe('a figure', () => {
  it.each<[string, Json, string]>([
    ['in thousands', 'It sold 1,200 cars.', 'It sold 1.2k cars.'],
    [
      'in millions, as another language has them',
      'It sold 1.2 million cars.',
      'Es wurden 1,2 Mio. verkauft.',
    ],
    ['with an exponent', { cars: 1e6 }, 'It sold 1,000,000 cars.'],
    ['with a space', 'It sold 1 200 cars.', 'It sold 1200 cars.'],
    ['with a currency in front or behind', 'It cost $5 million.', 'It cost 5 million dollars.'],
    ['in a range whose unit comes last', 'Between 3 and 5 million euros.', 'From €3 million to €5 million.'],
    ['with a typographic minus', { change: -4.5 }, 'The change was −4.5.'],
    ['that fell, without its minus', { change_percent: -4.5 }, 'It fell by 4.5 %.'],
    ['with a plus', 'It grew by 4.5 %.', 'A change of +4.5%.'],
    ['in a list that goes on', 'Ada has 3, Ben 4 and Cleo 5 cats.', 'Ben has 4 cats.'],
  ])('%s is the same', (_, source, text) => {
    expect(findings(source, text)).toEqual([]);
  });

  it.each<[string, Json, string, string, string]>([
    ['a percentage', 'There were 12 errors.', 'There were errors in 12 %.', '12 %', NOT],
    ['a number without its percent', 'Errors in 12 %.', 'There were 12 errors.', '12', NOT],
    ['a fraction', { share: 0.12 }, 'The share is 12 %.', '12 %', NOT],
    ['in another currency', 'It cost $5.', 'It cost €5.', '€5', NOT],
    ['in another unit', 'It is 5 km long.', 'It is 5 miles long.', '5 miles', NOT],
    ['with its sign changed', { change: 4.5 }, 'The change was -4.5.', '-4.5', NOT],
    [
      'a thousand times larger',
      'It weighs 1.234 kg and that is all.',
      'It weighs 1,234 kg and that is all.',
      '1,234 kg',
      NOT,
    ],
    [
      'a number of things where the source has a year',
      'It began in 2023.',
      'It sold 2,023 items.',
      '2,023',
      NOT,
    ],
    ['the same where it is written as a year', 'It began in 2023.', 'It sold 2023 items.', '2023', NOT],
    [
      'of another row',
      [
        { city: 'Oslo', staff: 4 },
        { city: 'Porto', staff: 9 },
      ],
      'Oslo has a staff of 9.',
      '9',
      OTHER,
    ],
    ['of another field', { city: 'Oslo', staff: 4, rooms: 9 }, 'Oslo has a staff of 9.', '9', OTHER],
    [
      'of another half of the sentence',
      'Oslo has 4 rooms while Porto has 9.',
      'Oslo has 9 rooms.',
      '9',
      OTHER,
    ],
    ['of another year', { 2022: 4, 2023: 9 }, 'It was 9 in 2022.', '9', OTHER],
    [
      'of another column',
      'City | Staff | Rooms\nOslo | 4 | 9\nPorto | 5 | 8',
      'The staff of Oslo is 9.',
      '9',
      OTHER,
    ],
  ])('is not found as %s', (_, source, text, token, why) => {
    expect(findings(source, text)).toEqual([[expect.stringMatching('figure|date'), token, why]]);
  });
});

describe('a date', () => {
  it.each<[string, Json, string]>([
    ['in words', { at: '2024-03-03' }, 'It was on 3 March 2024.'],
    ['in American order', { at: '2024-03-03' }, 'It was on March 3, 2024.'],
    ['with points', 'Es war am 3. März 2024.', 'It was on 03.03.2024.'],
    ['less exactly', { at: '2024-03-03' }, 'It was in March 2024.'],
    ['by its year', { at: '2024-03-03T10:00:00Z' }, 'It was in 2024.'],
    ['by its quarter', 'In Q1 2024 it began.', 'It began in the first quarter of 2024.'],
  ])('%s is the same', (_, source, text) => {
    expect(findings(source, text)).toEqual([]);
  });
  it.each<[string, Json, string, string]>([
    ['another day', { at: '2024-03-03' }, 'It was on 4 March 2024.', '4 March 2024'],
    [
      'more exactly than the source has it',
      'It was in March 2024.',
      'It was on 3 March 2024.',
      '3 March 2024',
    ],
    ['another quarter', 'In Q1 2024 it began.', 'It began in Q2 2024.', 'Q2 2024'],
  ])('is not found as %s', (_, source, text, token) => {
    expect(findings(source, text)).toEqual([['date', token, NOT]]);
  });
});

describe('a quotation', () => {
  const source = { page: 'The **board** said:\n“We will   not sell — not now, not ever.” Then it rose.' };
  it.each([
    'They said: "We will not sell - not now, not ever."',
    'They said that “we will not sell”.',
    'They said: «We will not sell … not ever.»',
    'They said: ‘We will not sell — not now’.',
  ])('is found whatever the marks, the white space and the first letter are: %s', (text) => {
    expect(findings(source, text)).toEqual([]);
  });
  it.each([
    'They said: "We will now sell."',
    'They said: "We will not."',
    'They said: "We Will not sell".',
    'They said: "not ever … not now".',
    'They said: "e will not sell".',
  ])(
    'is not found with other words, another order, a piece of a word, or an end where there was none: %s',
    (text) => {
      expect(findings(source, text)).toMatchObject([['quotation', expect.any(String), NOT]]);
    },
  );
});

describe('a name, or a link', () => {
  it.each<[string, Json, string]>([
    ['without its legal form', 'Acme Corp. has 5 mills.', 'Acme has 5 mills.'],
    ['with its first name', 'Moreau has 5 mills. Ada Moreau is rich.', 'Ada Moreau has 5 mills.'],
    ['without its accents', 'João Teixeira has 5 mills.', 'Joao Teixeira has 5 mills.'],
    ['taken up by a pronoun', 'Acme Corp is old. It has 5 mills.', 'Acme Corp has 5 mills.'],
    ['from a heading', '# Acme Corp\n\nThere are 5 mills.', 'Acme Corp has 5 mills.'],
    ['of code', 'Call `parse_all` first.', 'Then parse_all is called.'],
    ['as a link with a slash', { url: 'https://www.Acme.example/a' }, 'See http://acme.example/a/.'],
    [
      'as a page of which the source has a part',
      { url: 'https://acme.example/a#b' },
      'See https://acme.example/a.',
    ],
  ])('is found %s', (_, source, text) => {
    expect(findings(source, text)).toEqual([]);
  });
  it.each<[string, Json, string, string]>([
    ['that is another one', 'Ada Moreau has mills.', 'Mills belong to Ana Moreau.', 'Ana Moreau'],
    ['in a cell', '| Oslo | 4 |', '| Porto | 4 |', 'Porto'],
    ['of code with a letter more', 'Call `parseAll` first.', 'Call `parseAlls` first.', 'parseAlls'],
    [
      'as a link to elsewhere',
      { url: 'https://acme.example/a' },
      'See https://acme.example/b.',
      'https://acme.example/b',
    ],
  ])('is not found %s', (_, source, text, token) => {
    expect(findings(source, text)).toContainEqual([expect.stringMatching('name|link'), token, NOT]);
  });
});
