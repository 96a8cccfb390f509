import type { SourceRecord } from './record.js';

/** Written after the code that judges them, to see how it does with what it was not made for. */
export const unseen: readonly SourceRecord[] = [
  {
    label: 'news',
    value:
      'Shares of Halden Marine fell 7.3% on Tuesday after the shipbuilder cut its 2026 outlook. Halden Marine now expects sales of between $1.9 billion and $2.1 billion, down from $2.4 billion. Rival Coastline Yards gained 2.2%. "We are not immune to the slowdown," chief executive Ingrid Solheim told analysts.\n\nCoastline Yards, based in Gdansk, employs 6,400 people; Halden Marine employs 11,250.',
    claims: [
      {
        text: 'Shares of Halden Marine fell 7.3%.',
        reworded: [
          'The share price of Halden Marine dropped by 7.3 percent.',
          'After it cut its outlook for 2026, Halden Marine lost 7.3%.',
        ],
        figure: ['7.3', 7.3],
        other: '2.2',
        name: ['Halden Marine', 'Holden Marine'],
      },
      {
        text: 'Halden Marine expects sales of $1.9 billion to $2.1 billion.',
        reworded: ['Sales at Halden Marine are expected to be between 1.9 and 2.1 billion dollars.'],
        figure: ['1.9 billion', 1_900_000_000],
      },
      {
        text: 'Coastline Yards employs 6,400 people.',
        reworded: [
          'There are 6,400 employees at Coastline Yards in Gdansk.',
          'Coastline Yards has a workforce of 6,400.',
        ],
        figure: ['6,400', 6_400],
        other: '11,250',
        name: ['Coastline Yards', 'Coastal Yards'],
      },
      {
        text: 'Ingrid Solheim said: "We are not immune to the slowdown."',
        quote: ['not immune', 'now immune'],
        name: ['Ingrid Solheim', 'Astrid Solheim'],
      },
    ],
  },
  {
    label: 'benchmark',
    value:
      'We compared three queues on one machine. RabbitMQ delivered 41,200 messages per second with a median latency of 3.1 ms. NATS delivered 187,000 messages per second with a median latency of 0.4 ms. Redis Streams delivered 96,500 messages per second; its median latency was 0.9 ms. All numbers were measured on 2025-08-19.',
    claims: [
      {
        text: 'NATS has a median latency of 0.4 ms.',
        reworded: [
          'The median latency of NATS was 0.4 milliseconds.',
          'At 187,000 messages per second NATS is the fastest.',
        ],
        figure: ['0.4', 0.4],
        other: '0.9',
        name: ['NATS', 'NSQ'],
      },
      {
        text: 'Redis Streams delivered 96,500 messages per second at a median latency of 0.9 ms.',
        figure: ['96,500', 96_500],
        other: '41,200',
        name: ['Redis Streams', 'Redis Cluster'],
      },
      {
        text: 'The measurements were made on 19 August 2025.',
        date: ['19 August 2025', '18 August 2025'],
        dates: ['August 19, 2025', '2025-08-19'],
      },
    ],
  },
  {
    label: 'survey',
    value: {
      question: 'Which editor do you use?',
      answers: [
        { answer: 'VS Code', count: 1480, share: '61 %' },
        { answer: 'Neovim', count: 512, share: '21 %' },
        { answer: 'Emacs', count: 194, share: '8 %' },
      ],
      total: 2426,
      asked: '2025-03',
    },
    claims: [
      {
        text: '61 % use VS Code.',
        reworded: ['VS Code is used by 61 percent.', 'VS Code was named 1,480 times, that is 61 %.'],
        figure: ['61', 61],
        other: '21',
        name: ['VS Code', 'VS Codium'],
      },
      { text: '512 people use Neovim.', figure: ['512', 512], other: '194', name: ['Neovim', 'Helix'] },
      {
        text: 'In total 2,426 answered in March 2025.',
        figure: ['2,426', 2_426],
        date: ['March 2025', 'May 2025'],
      },
    ],
  },
  {
    label: 'biography',
    value:
      'Edith Rannard (born 17 September 1901 in Leeds) studied chemistry in Manchester. In 1934 she moved to Zurich, where she published 23 papers. Her brother Thomas Rannard, born in 1896, was a painter. She died on 2 May 1977.',
    claims: [
      {
        text: 'Edith Rannard was born on 17 September 1901 in Leeds.',
        name: ['Leeds', 'Leicester'],
        date: ['17 September 1901', '17 September 1896'],
        dates: ['September 17, 1901', '1901-09-17'],
      },
      {
        text: 'Edith Rannard published 23 papers in Zurich.',
        reworded: ['In Zurich, Edith Rannard published 23 papers.', 'Rannard published 23 papers.'],
        figure: ['23', 23],
        name: ['Zurich', 'Geneva'],
      },
      {
        text: 'Thomas Rannard was born in 1896.',
        date: ['1896', '1901'],
        name: ['Thomas Rannard', 'Thomas Ranford'],
      },
    ],
  },
  {
    label: 'prices',
    value: [
      { plan: 'Starter', monthly: 0, seats: 3, storage_gb: 5 },
      { plan: 'Team', monthly: 49, seats: 20, storage_gb: 100 },
      { plan: 'Business', monthly: 199, seats: 150, storage_gb: 2000 },
    ],
    claims: [
      {
        text: 'The Business plan has 150 seats and 2,000 GB of storage.',
        reworded: ['Storage of the Business plan: 2,000 GB.', 'Business comes with 150 seats.'],
        figure: ['150', 150],
        other: '20',
      },
      { text: 'The Team plan costs 49 a month.', figure: ['49', 49], other: '199' },
    ],
  },
  {
    label: 'german_news',
    decimal: 'comma',
    value:
      'Der Landkreis Ostheim meldet für 2024 insgesamt 3.412 Geburten, 2,7 Prozent weniger als im Vorjahr. Im Landkreis Westheim kamen 2.985 Kinder zur Welt. Landrat Peter Schauer sprach von einer „erwartbaren Entwicklung“.',
    claims: [
      {
        text: 'Der Landkreis Ostheim meldet 3.412 Geburten.',
        reworded: ['Im Landkreis Ostheim gab es 2024 insgesamt 3.412 Geburten.'],
        figure: ['3.412', 3_412],
        other: '2.985',
        name: ['Ostheim', 'Nordheim'],
      },
      {
        text: 'Peter Schauer sprach von einer „erwartbaren Entwicklung“.',
        name: ['Peter Schauer', 'Paul Schauer'],
        quote: ['erwartbaren', 'erfreulichen'],
      },
    ],
  },
  {
    label: 'changelog',
    value:
      '## 4.2.0\n\n- `maxRetries` now defaults to 5.\n- `timeoutMs` now defaults to 30,000.\n- Dropped Node 16.\n\n## 4.1.0\n\n- `maxRetries` defaulted to 3.\n',
    claims: [
      {
        text: '`timeoutMs` defaults to 30000.',
        figure: ['30000', 30_000],
        other: '5',
        name: ['timeoutMs', 'timeoutSec'],
      },
      { text: 'In 4.2.0 `maxRetries` defaults to 5.', figure: ['5', 5], other: '3' },
    ],
  },
  {
    label: 'climate',
    value:
      '| Station | Jan °C | Jul °C | Rain (mm) |\n|---|---|---|---|\n| Bodo | -1.2 | 13.9 | 1,073 |\n| Vardo | -4.6 | 9.7 | 612 |\n| Roros | -9.8 | 12.1 | 504 |\n',
    claims: [
      {
        text: 'Bodo gets 1,073 mm of rain.',
        reworded: ['In Bodo the rain amounts to 1,073 millimetres.'],
        figure: ['1,073', 1_073],
        other: '612',
        name: ['Bodo', 'Narvik'],
      },
      {
        text: 'In Roros it is -9.8 °C in January.',
        figure: ['-9.8', -9.8],
        other: '-4.6',
        name: ['Roros', 'Tromso'],
      },
    ],
  },
  {
    label: 'court',
    value:
      'On 11 June 2024 the court ordered Varga Holdings to pay 14 million euros to Delmont. Varga Holdings had asked to pay no more than 3.5 million euros. The judgment cites section 1042 of the code; it is published at https://courts.example/2024/varga-delmont.pdf.',
    claims: [
      {
        text: 'Varga Holdings was ordered to pay 14 million euros on 11 June 2024 (https://courts.example/2024/varga-delmont.pdf).',
        reworded: [
          'The court ordered Varga Holdings to pay €14 million.',
          'Varga Holdings must pay Delmont 14 million euros.',
        ],
        figure: ['14 million', 14_000_000],
        date: ['11 June 2024', '11 July 2024'],
        link: ['https://courts.example/2024/varga-delmont.pdf', 'https://courts.example/2024/varga.pdf'],
        name: ['Varga Holdings', 'Vargas Holdings'],
      },
    ],
  },
  {
    label: 'portuguese',
    decimal: 'comma',
    value:
      'A fábrica de Monteverde produziu 48.300 carros em 2023. A fábrica de Riolargo produziu 31.750 carros em 2023. O investimento em Monteverde foi de R$ 1,2 milhões.',
    claims: [
      {
        text: 'A fábrica de Monteverde produziu 48.300 carros.',
        figure: ['48.300', 48_300],
        other: '31.750',
        name: ['Monteverde', 'Montenegro'],
      },
    ],
  },
];
