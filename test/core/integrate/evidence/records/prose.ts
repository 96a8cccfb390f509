import type { SourceRecord } from './record.js';

/** Running text: notes, reports, pages. */
export const prose: readonly SourceRecord[] = [
  {
    label: 'cities',
    value:
      'Berlin has 3,685,265 inhabitants. Hamburg has 1,862,565 inhabitants. Munich is third with 1,505,005. The figures are of 31 December 2024.',
    claims: [
      {
        text: 'Berlin has 3,685,265 inhabitants.',
        reworded: ['In Berlin live 3,685,265 people.', 'The population of Berlin is 3,685,265.'],
        figure: ['3,685,265', 3_685_265],
        other: '1,862,565',
        name: ['Berlin', 'Bremen'],
      },
      {
        text: 'Munich is third with 1,505,005.',
        figure: ['1,505,005', 1_505_005],
        other: '3,685,265',
        name: ['Munich', 'Cologne'],
      },
      {
        text: 'The figures are of 31 December 2024.',
        date: ['31 December 2024', '30 December 2024'],
        dates: ['2024-12-31', 'December 31, 2024', '31.12.2024', '31st December 2024', 'Dec 31, 2024'],
      },
    ],
  },
  {
    label: 'annual_report',
    value:
      '# Northwind Traders, annual report\n\nRevenue was €4.2 million in 2023. Profit was €310,000. The company employs 87 people, 12 of them in Lyon. It was founded on 3 March 1998 by Ada Moreau.',
    claims: [
      {
        text: 'Revenue was €4.2 million in 2023.',
        reworded: [
          "Northwind Traders' revenue in 2023 was €4.2 million.",
          'Northwind Traders had a revenue of €4.2 million.',
        ],
        figure: ['4.2 million', 4_200_000],
        other: '310,000',
        date: ['2023', '2021'],
      },
      {
        text: 'Northwind Traders employs 87 people.',
        reworded: ['At Northwind Traders 87 people are employed.'],
        figure: ['87', 87],
        name: ['Northwind Traders', 'Southwind Traders'],
      },
      {
        text: 'Northwind Traders was founded on 3 March 1998 by Ada Moreau.',
        name: ['Ada Moreau', 'Ana Moreau'],
        date: ['3 March 1998', '3 May 1998'],
        dates: ['1998-03-03', 'March 3, 1998', '3 Mar 1998'],
      },
    ],
  },
  {
    label: 'clauses',
    value:
      'Orion costs 19 dollars a month and Vega costs 24 dollars a month, while Lyra is free up to 5 users and costs 7 dollars beyond that.',
    claims: [
      { text: 'Orion costs 19 dollars a month.', figure: ['19', 19], other: '24', name: ['Orion', 'Sirius'] },
      {
        text: 'Orion costs 19 dollars and Vega costs 24 dollars a month.',
        reworded: ['Orion and Vega cost 19 and 24 dollars a month, respectively.'],
        figure: ['24', 24],
        other: '7',
        name: ['Vega', 'Mira'],
      },
    ],
  },
  {
    label: 'trial',
    value:
      'In the trial 412 patients received Nuvarelin and 409 received placebo. Remission was seen in 38.5 % of the Nuvarelin group against 21.2 % of the placebo group (p = 0.003). Two patients withdrew. Dr. Helen Okafor said: “We did not expect an effect of this size, and we want to see it repeated.”',
    claims: [
      {
        text: 'Remission was seen in 38.5 % of the Nuvarelin group.',
        reworded: [
          'In the Nuvarelin group 38.5 percent had a remission.',
          'Of those on Nuvarelin, 38.5% saw remission.',
        ],
        figure: ['38.5', 38.5],
        other: '21.2',
        name: ['Nuvarelin', 'Nuvarelan'],
      },
      { text: '412 patients received Nuvarelin.', figure: ['412', 412], other: '409' },
      {
        text: 'Helen Okafor said: "We did not expect an effect of this size, and we want to see it repeated."',
        name: ['Helen Okafor', 'Helen Okonkwo'],
        quote: ['an effect of this size', 'an effect of this kind'],
      },
    ],
  },
  {
    label: 'bridge',
    value:
      'The Marren Bridge is 1,240 m long. It was opened on 14 July 1932 and carries 58,000 vehicles a day. The older Tolk Bridge, 460 m long, was opened in 1887.',
    claims: [
      {
        text: 'The Marren Bridge is 1,240 m long.',
        reworded: ['The length of the Marren Bridge is 1,240 metres.'],
        figure: ['1,240', 1_240],
        other: '460',
        name: ['Marren Bridge', 'Morren Bridge'],
      },
      {
        text: 'The Marren Bridge carries 58,000 vehicles a day.',
        reworded: ['Each day 58,000 vehicles use the Marren Bridge.'],
        figure: ['58,000', 58_000],
      },
      {
        text: 'The Marren Bridge was opened on 14 July 1932.',
        date: ['14 July 1932', '14 July 1923'],
        dates: ['1932-07-14', 'July 14, 1932', 'July 1932'],
      },
    ],
  },
  {
    label: 'release',
    value:
      'Version 2.14.0 of libquark was released on 2025-02-11. It fixes CVE-2025-10432 and makes `parseStream` 3.4 times as fast. See https://libquark.example/releases/2.14.0 for all changes.',
    claims: [
      {
        text: 'Version 2.14.0 of libquark was released on 2025-02-11.',
        name: ['2.14.0', '2.15.0'],
        date: ['2025-02-11', '2025-02-17'],
        dates: ['11 February 2025', 'February 11, 2025'],
      },
      {
        text: 'It makes `parseStream` 3.4 times as fast (https://libquark.example/releases/2.14.0).',
        figure: ['3.4', 3.4],
        name: ['parseStream', 'parseStreams'],
        link: ['https://libquark.example/releases/2.14.0', 'https://libquark.example/releases/2.14.1'],
      },
      { text: 'It fixes CVE-2025-10432.', name: ['CVE-2025-10432', 'CVE-2025-10482'] },
    ],
  },
  {
    label: 'quarters',
    value:
      'In Q1 2024 the shop took in $1.25m. In Q2 2024 it took in $1.31m. Returns stood at 4.1 % in Q1 2024 and at 3.9 % in Q2 2024.',
    claims: [
      {
        text: 'In Q1 2024 the shop took in $1.25m.',
        reworded: [
          'The shop took in $1.25 million in the first quarter of 2024.',
          'In 2024 Q1 the shop took in US$1,250,000.',
        ],
        figure: ['1.25m', 1_250_000],
        other: '1.31m',
        date: ['Q1 2024', 'Q3 2024'],
      },
      {
        text: 'Returns stood at 3.9 % in Q2 2024.',
        figure: ['3.9', 3.9],
        other: '4.1',
        date: ['Q2 2024', 'Q1 2024'],
      },
    ],
  },
  {
    label: 'revenue_years',
    value:
      'Revenue rose from 5.1 million in 2022 to 6.4 million in 2023. Costs fell from 4.8 million to 4.5 million.',
    claims: [
      {
        text: 'Revenue was 6.4 million in 2023.',
        reworded: ['In 2023, revenue came to 6.4 million.'],
        figure: ['6.4 million', 6_400_000],
        other: '5.1 million',
        date: ['2023', '2022'],
      },
      { text: 'Costs fell to 4.5 million.', figure: ['4.5 million', 4_500_000], other: '6.4 million' },
    ],
  },
  {
    label: 'lake',
    value:
      'Lake Ondara lies 1,912 m above the sea. Its surface temperature ranges from -2 to 14 °C. At its deepest it measures 187 m; Lake Sirvo measures 95 m.',
    claims: [
      {
        text: 'Lake Ondara lies 1,912 m above the sea.',
        figure: ['1,912', 1_912],
        name: ['Lake Ondara', 'Lake Ontara'],
      },
      {
        text: 'The surface temperature of Lake Ondara ranges from -2 to 14 °C.',
        reworded: ['The surface temperature of Lake Ondara lies between −2 °C and 14 °C.'],
        figure: ['14', 14],
      },
      {
        text: 'Lake Sirvo measures 95 m.',
        figure: ['95', 95],
        other: '187',
        name: ['Lake Sirvo', 'Lake Sirva'],
      },
    ],
  },
  {
    label: 'minutes',
    value:
      'Present were Marta Lindqvist, Joao Teixeira and Priya Raman. Marta Lindqvist asked for 250,000 kronor; Priya Raman asked for 90,000 kronor. The board decided: "Nothing is paid before the audit is signed."\nNext meeting: 2026-01-15.',
    claims: [
      {
        text: 'Marta Lindqvist asked for 250,000 kronor.',
        reworded: ['250,000 kronor were asked for by Marta Lindqvist.'],
        figure: ['250,000', 250_000],
        other: '90,000',
        name: ['Marta Lindqvist', 'Marta Lindgren'],
      },
      {
        text: 'The board decided: “nothing is paid before the audit is signed”.',
        quote: ['before the audit', 'after the audit'],
      },
      {
        text: 'The next meeting is on 2026-01-15.',
        date: ['2026-01-15', '2026-01-16'],
        dates: ['15 January 2026', 'January 15th, 2026'],
      },
    ],
  },
];
