import type { SourceRecord } from './record.js';

/** Structured results: objects, lists of them, objects in objects. */
export const rows: readonly SourceRecord[] = [
  {
    label: 'dig[pricing]',
    value: {
      rows: [
        { vendor: 'Helios', price_usd: 1200, licence: 'MIT', sources: ['https://helios.example/pricing'] },
        {
          vendor: 'Selene',
          price_usd: 950,
          licence: 'Apache-2.0',
          sources: ['https://selene.example/plans?tier=pro'],
        },
      ],
    },
    claims: [
      {
        text: 'Helios costs $1,200 (https://helios.example/pricing).',
        reworded: ['The price of Helios is 1,200 USD.', 'Helios: 1,200 US dollars, under the MIT licence.'],
        figure: ['1,200', 1_200],
        other: '950',
        name: ['Helios', 'Helix'],
        link: ['https://helios.example/pricing', 'https://helios.example/prices'],
      },
      {
        text: 'Selene is under Apache-2.0; see https://selene.example/plans?tier=pro.',
        name: ['Apache-2.0', 'Apache-1.1'],
        link: ['https://selene.example/plans?tier=pro', 'https://selene.example/plans?tier=free'],
      },
    ],
  },
  {
    label: 'dig[durability]',
    value: [
      { product: 'Helios', replicas: 3, fsync: true, note: 'Writes survive the loss of one of 3 zones.' },
      { product: 'Selene', replicas: 5, fsync: false, note: 'Writes may be lost for up to 200 ms.' },
    ],
    claims: [
      { text: 'Helios keeps 3 replicas.', figure: ['3', 3], other: '5' },
      {
        text: 'With Selene "writes may be lost for up to 200 ms".',
        quote: ['may be lost', 'may be kept'],
        name: ['Selene', 'Helena'],
      },
    ],
  },
  {
    label: 'staff',
    value: {
      company: 'Fernhill Labs',
      founded: '2009-06-01',
      offices: [
        { city: 'Oslo', staff: 45, opened: '2011' },
        { city: 'Porto', staff: 112, opened: '2016' },
      ],
    },
    claims: [
      {
        text: 'Fernhill Labs has a staff of 45 in Oslo.',
        reworded: ['In Oslo, Fernhill Labs has 45 staff.', 'The staff in Oslo numbers 45.'],
        figure: ['45', 45],
        other: '112',
        name: ['Oslo', 'Bergen'],
      },
      {
        text: 'Fernhill Labs was founded on 1 June 2009.',
        date: ['1 June 2009', '1 July 2009'],
        dates: ['June 1, 2009', '2009-06-01', 'June 2009'],
        name: ['Fernhill Labs', 'Fernhall Labs'],
      },
      { text: 'The office in Porto opened in 2016.', date: ['2016', '2011'], name: ['Porto', 'Braga'] },
    ],
  },
  {
    label: 'by_year',
    value: { metric: 'active users', byYear: { '2021': 18400, '2022': 23950, '2023': 31200 } },
    claims: [
      {
        text: 'In 2022 there were 23,950 active users.',
        figure: ['23,950', 23_950],
        other: '18,400',
        date: ['2022', '2021'],
      },
      { text: 'Active users numbered 31.2k in 2023.', figure: ['31.2k', 31_200], other: '23.95k' },
    ],
  },
  {
    label: 'fields',
    value: {
      name: 'Pallas',
      revenue: 7400000,
      profit: 880000,
      debt: 1250000,
      employees: 310,
      growth_percent: 12,
    },
    claims: [
      {
        text: 'Pallas has a profit of 880,000.',
        reworded: ['The profit of Pallas is 0.88 million.'],
        figure: ['880,000', 880_000],
        other: '7,400,000',
      },
      {
        text: 'The debt of Pallas stands at 1.25 million.',
        figure: ['1.25 million', 1_250_000],
        other: '880,000',
      },
      { text: 'Pallas grew by 12 %.', figure: ['12', 12], name: ['Pallas', 'Athena'] },
    ],
  },
  {
    label: 'issues',
    value: {
      issues: [
        { id: 'SEC-1042', severity: 'high', file: 'src/auth/token.ts', line: 88, rule: 'no-weak-hash' },
        { id: 'SEC-1043', severity: 'low', file: 'src/http/server.ts', line: 214, rule: 'no-open-redirect' },
      ],
    },
    claims: [
      {
        text: '| SEC-1042 | high | src/auth/token.ts | 88 |',
        figure: ['88', 88],
        other: '214',
        name: ['SEC-1042', 'SEC-1024'],
      },
      {
        text: 'no-open-redirect is broken in `src/http/server.ts`, line 214.',
        figure: ['214', 214],
        other: '88',
        name: ['src/http/server.ts', 'src/http/router.ts'],
      },
    ],
  },
  {
    label: 'papers',
    value: [
      {
        title: 'Sparse Routing in Deep Networks',
        authors: ['Lena Vogt', 'Samir Haddad'],
        year: 2019,
        citations: 431,
        doi: 'https://doi.org/10.5555/srdn.2019',
        abstract: 'We show that routing tokens sparsely halves the cost of training.',
      },
      {
        title: 'Dense Is Enough',
        authors: ['Rui Campos'],
        year: 2022,
        citations: 77,
        doi: 'https://doi.org/10.5555/die.2022',
        abstract: 'Dense networks reach the same loss when they are trained for longer.',
      },
    ],
    claims: [
      {
        text: 'Lena Vogt and Samir Haddad write that “routing tokens sparsely halves the cost of training” (https://doi.org/10.5555/srdn.2019).',
        name: ['Samir Haddad', 'Samir Hadid'],
        quote: ['halves the cost', 'doubles the cost'],
        link: ['https://doi.org/10.5555/srdn.2019', 'https://doi.org/10.5555/srdn.2020'],
      },
      {
        text: '"Dense Is Enough" appeared in 2022 and has 77 citations.',
        figure: ['77', 77],
        other: '431',
        date: ['2022', '2019'],
        quote: ['Dense Is Enough', 'Dense Is Plenty'],
      },
    ],
  },
  {
    label: 'weather',
    value: {
      station: 'Hohenfels',
      unit: 'mm',
      months: [
        { month: 'January', rain: 64.2, min: -11.5 },
        { month: 'February', rain: 48.9, min: -8.25 },
      ],
    },
    claims: [
      {
        text: 'At Hohenfels 64.2 mm of rain fell in January.',
        reworded: ['January brought 64.2 mm of rain.'],
        figure: ['64.2', 64.2],
        other: '48.9',
        name: ['Hohenfels', 'Hohenberg'],
      },
      { text: 'The minimum in February was -8.25.', figure: ['-8.25', -8.25], other: '-11.5' },
    ],
  },
  {
    label: 'strings',
    value: {
      deals: [
        { buyer: 'Quill Partners', target: 'Osprey Foods', price: '£2.75bn', signed: '12 November 2024' },
        { buyer: 'Tern Capital', target: 'Basalt Mining', price: '£640m', signed: '3 February 2025' },
      ],
    },
    claims: [
      {
        text: 'Quill Partners buys Osprey Foods for £2.75bn.',
        reworded: [
          'Quill Partners pays 2.75 billion pounds for Osprey Foods.',
          'Osprey Foods goes to Quill Partners for £2,750 million.',
        ],
        figure: ['2.75bn', 2_750_000_000],
        other: '640m',
        name: ['Osprey Foods', 'Osprey Food Halls'],
      },
      {
        text: 'Tern Capital and Basalt Mining signed on 3 February 2025.',
        date: ['3 February 2025', '12 November 2024'],
        dates: ['2025-02-03', 'February 3, 2025'],
        name: ['Tern Capital', 'Stern Capital'],
      },
    ],
  },
  {
    label: 'events',
    value: [
      { name: 'Deploy of gateway-7', at: '2025-05-06T09:14:00Z', duration_s: 48 },
      { name: 'Outage of ledger-2', at: '2025-05-07T23:02:00Z', duration_s: 1325 },
    ],
    claims: [
      {
        text: 'The outage of ledger-2 on 7 May 2025 took 1,325 s.',
        reworded: ['On 2025-05-07 ledger-2 was out for 1,325 seconds.'],
        figure: ['1,325', 1_325],
        other: '48',
        date: ['7 May 2025', '6 May 2025'],
        name: ['ledger-2', 'ledger-3'],
      },
    ],
  },
];
