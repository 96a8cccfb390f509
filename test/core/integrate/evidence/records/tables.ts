import type { SourceRecord } from './record.js';

/** Text with rows: Markdown, CSV, tabs, lists of labelled values. */
export const tables: readonly SourceRecord[] = [
  {
    label: 'vendors_md',
    value:
      '| Vendor | Price (USD) | Seats | Since |\n|---|---:|---:|---|\n| Temporal Cloud | 1,200 | 25 | 2021 |\n| Restate | 850 | 40 | 2023 |\n| DBOS | 990 | 15 | 2024 |\n',
    claims: [
      {
        text: '| Temporal Cloud | 1,200 | 25 | 2021 |',
        figure: ['1,200', 1_200],
        other: '850',
        name: ['Temporal Cloud', 'Temporary Cloud'],
        date: ['2021', '2019'],
      },
      {
        text: 'Restate has 40 seats for 850 dollars.',
        reworded: ['With Restate, 40 seats cost USD 850.'],
        figure: ['40', 40],
        other: '15',
        name: ['Restate', 'Rebuild'],
      },
      { text: 'DBOS has a price of $990.', figure: ['990', 990], other: '1,200' },
    ],
  },
  {
    label: 'latency_csv',
    value: 'service,p50_ms,p99_ms,errors\ncheckout,41,380,0.2%\nsearch,18,95,0.05%\nlogin,22,140,1.1%\n',
    claims: [
      {
        text: 'The p99 of checkout is 380 ms.',
        figure: ['380', 380],
        other: '140',
        name: ['checkout', 'checkin_v2'],
      },
      { text: 'Errors of login stand at 1.1 %.', figure: ['1.1', 1.1], other: '0.2' },
      { text: 'search: p50 18 ms, p99 95 ms.', figure: ['95', 95], other: '380' },
    ],
  },
  {
    label: 'medals_tsv',
    value: 'Country\tGold\tSilver\tBronze\nNorway\t16\t8\t13\nGermany\t12\t10\t5\nCanada\t4\t8\t14\n',
    claims: [
      {
        text: 'Norway won 16 gold medals.',
        reworded: ['Gold went to Norway 16 times.'],
        figure: ['16', 16],
        other: '12',
        name: ['Norway', 'Finland'],
      },
      { text: 'Canada won 14 bronze and 4 gold medals.', figure: ['14', 14], other: '13' },
    ],
  },
  {
    label: 'spec_list',
    value:
      'Model: Kestrel 400\nWeight: 1.85 kg\nBattery: 72 Wh\nRange: 31 km\n\nModel: Kestrel 600\nWeight: 2.4 kg\nBattery: 98 Wh\nRange: 44 km\n',
    claims: [
      {
        text: 'The Kestrel 400 weighs 1.85 kg.',
        reworded: ['Weight of the Kestrel 400: 1.85 kilograms.'],
        figure: ['1.85', 1.85],
        other: '2.4',
        name: ['Kestrel', 'Falcon'],
      },
      { text: 'The Kestrel 600 has a range of 44 km.', figure: ['44', 44], other: '31' },
    ],
  },
  {
    label: 'bullets',
    value:
      '## Findings\n\n- **Aurora Health**: 2,310 beds, 14 sites, founded 1984\n- **Borealis Care**: 1,780 beds, 9 sites, founded 1991\n- **Cirrus Clinics**: 640 beds, 22 sites, founded 2007\n',
    claims: [
      {
        text: 'Aurora Health has 2,310 beds on 14 sites.',
        figure: ['2,310', 2_310],
        other: '1,780',
        name: ['Aurora Health', 'Aurelia Health'],
      },
      {
        text: 'Cirrus Clinics was founded in 2007.',
        date: ['2007', '1991'],
        name: ['Cirrus Clinics', 'Citrus Clinics'],
      },
      { text: 'Borealis Care runs 9 sites.', figure: ['9', 9], other: '22' },
    ],
  },
  {
    label: 'budget_md',
    value:
      '| Item | 2023 | 2024 |\n|---|---|---|\n| Salaries | 512,000 | 548,000 |\n| Travel | 36,500 | 21,900 |\n| **Total** | **548,500** | **569,900** |\n',
    claims: [
      {
        text: 'Travel cost 36,500 in 2023.',
        figure: ['36,500', 36_500],
        other: '21,900',
      },
      {
        text: 'Salaries came to 548,000 in 2024.',
        figure: ['548,000', 548_000],
        other: '512,000',
        date: ['2024', '2023'],
      },
      { text: 'The total of 2024 is 569,900.', figure: ['569,900', 569_900], other: '548,500' },
    ],
  },
  {
    label: 'results_html_text',
    value:
      'Candidate | Votes | Share\nElena Brandt | 48,120 | 51.3 %\nTomas Reyes | 45,677 | 48.7 %\nTurnout: 61.9 %',
    claims: [
      {
        text: 'Elena Brandt got 48,120 votes, a share of 51.3 %.',
        figure: ['48,120', 48_120],
        other: '45,677',
        name: ['Elena Brandt', 'Elena Brand'],
      },
      {
        text: 'Tomas Reyes got 48.7 %.',
        figure: ['48.7', 48.7],
        other: '51.3',
        name: ['Tomas Reyes', 'Tobias Reyes'],
      },
      { text: 'Turnout was 61.9 %.', figure: ['61.9', 61.9], other: '48.7' },
    ],
  },
];
