import type { SourceRecord } from './record.js';

/** Numbers, dates and quotation marks as other languages write them. */
export const languages: readonly SourceRecord[] = [
  {
    label: 'german',
    decimal: 'comma',
    value:
      'Die Kranich AG erzielte im Jahr 2023 einen Umsatz von 12,4 Mio. Euro. Der Gewinn betrug 1.350.000 Euro. Die Falke GmbH kam auf 9,8 Mio. Euro Umsatz. Vorstand Jutta Behrens sagte am 4. Oktober 2023: „Wir zahlen in diesem Jahr keine Dividende.“',
    claims: [
      {
        text: 'Die Kranich AG erzielte einen Umsatz von 12,4 Mio. Euro.',
        reworded: ['Der Umsatz der Kranich AG betrug 12,4 Millionen Euro.'],
        figure: ['12,4 Mio.', 12_400_000],
        other: '9,8 Mio.',
        name: ['Kranich AG', 'Kormoran AG'],
      },
      { text: 'Der Gewinn betrug 1.350.000 Euro.', figure: ['1.350.000', 1_350_000], other: '12,4 Mio.' },
      {
        text: 'Jutta Behrens sagte am 4. Oktober 2023: »Wir zahlen in diesem Jahr keine Dividende.«',
        name: ['Jutta Behrens', 'Jutta Behring'],
        date: ['4. Oktober 2023', '5. Oktober 2023'],
        dates: ['04.10.2023', '2023-10-04', '4.10.2023'],
        quote: ['keine Dividende', 'eine Dividende'],
      },
    ],
  },
  {
    label: 'french',
    decimal: 'comma',
    value:
      'La commune de Valserre compte 21 480 habitants et celle de Montrieux en compte 8 315. Le budget de Valserre est de 34,6 millions d’euros. Le maire, Luc Ferrand, a déclaré le 2 juin 2025 : « Le pont sera ouvert avant la fin de l’année. »',
    claims: [
      {
        text: 'Valserre compte 21 480 habitants.',
        reworded: ['La commune de Valserre a 21 480 habitants.'],
        figure: ['21 480', 21_480],
        other: '8 315',
        name: ['Valserre', 'Valbonne'],
      },
      {
        text: 'Le budget de Valserre est de 34,6 millions d’euros.',
        figure: ['34,6 millions', 34_600_000],
      },
      {
        text: 'Luc Ferrand a déclaré le 2 juin 2025 : « Le pont sera ouvert avant la fin de l’année. »',
        name: ['Luc Ferrand', 'Luc Ferrier'],
        date: ['2 juin 2025', '2 juillet 2025'],
        dates: ['02/06/2025', '2025-06-02'],
        quote: ['avant la fin', 'après la fin'],
      },
    ],
  },
  {
    label: 'spanish',
    decimal: 'comma',
    value:
      'La planta de Villarroya produjo 18.750 toneladas en 2022 y 21.300 toneladas en 2023. La planta de Almenar produjo 7.425,5 toneladas en 2023.',
    claims: [
      {
        text: 'La planta de Villarroya produjo 21.300 toneladas en 2023.',
        figure: ['21.300', 21_300],
        other: '18.750',
        name: ['Villarroya', 'Villanueva'],
        date: ['2023', '2020'],
      },
      {
        text: 'La planta de Almenar produjo 7.425,5 toneladas.',
        figure: ['7.425,5', 7_425.5],
        other: '21.300',
      },
    ],
  },
  {
    label: 'swiss',
    value:
      'The canton of Uri counted 37’930 residents, the canton of Zug 132’546. Uri spent CHF 412.50 per head.',
    claims: [
      {
        text: 'The canton of Uri counted 37,930 residents.',
        figure: ['37,930', 37_930],
        other: '132,546',
        name: ['Uri', 'Glarus'],
      },
      { text: 'Uri spent CHF 412.50 per head.', figure: ['412.50', 412.5] },
    ],
  },
  {
    label: 'indian',
    value:
      'The scheme in Karnavati reached 12,34,567 households at a cost of ₹3.2 crore; in Sundarpur it reached 4,50,000 households at ₹1.1 crore.',
    claims: [
      {
        text: 'The scheme in Karnavati reached 1,234,567 households.',
        figure: ['1,234,567', 1_234_567],
        other: '450,000',
        name: ['Karnavati', 'Kalyanpur'],
      },
      {
        text: 'In Sundarpur it reached 4,50,000 households at ₹1.1 crore.',
        figure: ['1.1 crore', 11_000_000],
        other: '3.2 crore',
      },
    ],
  },
  {
    label: 'italian',
    decimal: 'comma',
    value:
      'Il museo di Castelvento ha accolto 143.200 visitatori nel 2024, il museo di Rocchetta 88.640. Il biglietto di Castelvento costa 12,50 €.',
    claims: [
      {
        text: 'Il museo di Castelvento ha accolto 143.200 visitatori.',
        figure: ['143.200', 143_200],
        other: '88.640',
        name: ['Castelvento', 'Castelforte'],
      },
      { text: 'Il biglietto di Castelvento costa 12,50 €.', figure: ['12,50', 12.5] },
    ],
  },
  {
    label: 'swedish',
    decimal: 'comma',
    value: {
      rader: [
        { kommun: 'Nordmark', folkmängd: '14 208', skatt: '33,15 %' },
        { kommun: 'Sjöberga', folkmängd: '9 871', skatt: '32,80 %' },
      ],
    },
    claims: [
      {
        text: 'Nordmark har en folkmängd på 14 208.',
        figure: ['14 208', 14_208],
        other: '9 871',
        name: ['Nordmark', 'Nordvik'],
      },
      { text: 'I Sjöberga är skatten 32,80 %.', figure: ['32,80', 32.8], other: '33,15' },
    ],
  },
  {
    label: 'german_rows',
    decimal: 'comma',
    value: {
      messungen: [
        { ort: 'Grünau', wert: '1.234,5', einheit: 'µg', datum: '17.03.2025' },
        { ort: 'Steinach', wert: '987,25', einheit: 'µg', datum: '18.03.2025' },
      ],
    },
    claims: [
      {
        text: 'In Grünau wurden am 17. März 2025 1.234,5 µg gemessen.',
        figure: ['1.234,5', 1_234.5],
        other: '987,25',
        name: ['Grünau', 'Grünwald'],
        date: ['17. März 2025', '18. März 2025'],
        dates: ['17.03.2025', '2025-03-17'],
      },
    ],
  },
];
