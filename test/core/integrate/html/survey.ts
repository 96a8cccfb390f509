import type { Json } from '../../../../src/core/outcome/canonical.js';
import type { Reported } from './anyReport.js';
import { type End, reported } from './reported.js';

/*
 * A survey with everything a report can tell of: a fan-out of which one topic came to nothing, figures that differ and are decided
 * by two rules or by none, things said twice, a brief that its fallback stood in for, one that was skipped, tokens, waits.
 */

const TOPICS = [
  ...['durability', 'pricing', 'licence', 'latency', 'throughput', 'versioning', 'testing', 'observability'],
  ...['retries', 'timeouts', 'signals', 'schedules', 'self-hosting', 'cloud', 'languages', 'community'],
];
const ENGINES = ['Temporal', 'Restate', 'DBOS', 'Inngest', 'Hatchet', 'Conductor'];

export const SURVEY = `muster: 1
name: framework-survey
brief: |
  Compare the engines for durable execution that a small team could run itself.
  For each of them: its licence, what it stores its state in, since when there is a stable release,
  and what it costs where somebody else runs it. Say where sources disagree.
params: { type: object, properties: { engines: { type: array, items: { type: string } } } }
requirements:
  - { id: all, says: Every engine has a row., check: { covers: params.engines, in: '$.engines[*].engine' } }
  - { id: licences, says: Every row names a licence., check: { cel: 'data.engines.all(e, has(e.licence))' } }
  - { id: priced, says: At least five prices are given., check: { in: '$.engines[?@.price]', count: { min: 5 } } }
  - { id: reads, says: It reads well. }
inputs: { notes: { glob: 'notes/*.md' } }
limits: { concurrency: 4 }
resources: { browser: 1 }
briefs:
  - { id: explore, title: Which topics there are, run: [node, explore.mjs], parse: json }
  - id: dig
    title: One topic, over all engines
    needs: [explore]
    run: [node, dig.mjs, '{{ topic }}', '{{ inputs.notes[0].path }}']
    forEach: { in: explore.output.topics, as: topic, max: 200 }
    parse: json
    retry: { attempts: 4, then: missing }
  - { id: licences, title: Licences from the repositories themselves, run: [node, l.mjs], parse: json, uses: { browser: 1 } }
  - id: prices
    title: Prices from the pages of the providers
    run: [node, p.mjs]
    parse: json
    uses: { browser: 1 }
    retry: { attempts: 2, then: fallback }
    fallback: { value: { engines: [] } }
  - { id: charts, title: Charts for the page, needs: [licences], run: [node, c.mjs, '{{ licences }}'] }
  - { id: embed, needs: [charts], run: [node, e.mjs, '{{ charts }}'] }
  - { id: verdict, title: What to choose, needs: [licences], run: [node, v.mjs, '{{ licences }}'] }
integrate:
  merge:
    verdict: { from: [verdict], at: $ }
    engines: { from: [licences, dig, prices], at: $.engines, key: engine, conflicts: [prefer: licences, majority] }
    quotes: { from: [dig], at: $.quotes }
  verify: [node, check.mjs]
`;

const said = (topic: string, n: number): Json => ({
  engines: ENGINES.filter((_, e) => (e + n) % 3 !== 0).map((engine, e) => ({
    engine,
    licence: engine === 'Restate' ? 'MIT' : 'Apache-2.0',
    ...(topic === 'pricing' && { price: 25 * (e + 1) }),
    ...(topic === 'versioning' && { stable: 2019 + e }),
    ...(topic === 'community' && { stable: 2020 + e }),
    ...(topic === 'durability' && { state: e % 2 ? 'PostgreSQL' : 'its own log, `RocksDB` below' }),
  })),
  quotes: [
    { topic, says: `What is written about ${topic} holds since version ${n + 1}.${n}.`, since: 2016 + n },
    ...(n % 5 === 0 ? [{ topic: 'general', says: 'State is kept as a log of events.', since: 2016 }] : []),
  ],
});

export function survey(): Promise<Reported> {
  const digs = TOPICS.map((topic, n): [string, End] => {
    const from = 42 + 19 * Math.floor(n / 4) + (n % 4) * 1.5;
    const usage = { inputTokens: 8_000 + 913 * n, outputTokens: 700 + 61 * n, model: 'thinker-2' };
    const end = { from, to: from + 9 + ((n * 7) % 11), usage };
    if (topic !== 'cloud') return [`dig[${topic}]`, { ...end, value: said(topic, n) }];
    const says =
      'The page of the source answered 451 (unavailable for legal reasons). Ask for another source.';
    return [`dig[${topic}]`, { ...end, to: from + 31, status: 'missing', tries: 4, says }];
  });
  const ends: { [label: string]: End } = {
    explore: {
      from: 0.3,
      to: 41.8,
      value: { topics: TOPICS },
      usage: { inputTokens: 2_100, outputTokens: 380 },
    },
    ...Object.fromEntries(digs),
    licences: {
      ...{ from: 0.3, to: 22.4 },
      value: {
        engines: [
          { engine: 'Temporal', licence: 'MIT' },
          { engine: 'Restate', licence: 'BSL-1.1' },
        ],
      },
    },
    prices: {
      ...{ from: 22.5, to: 61, tries: 2, fallback: 'constant', value: { engines: [] } },
      says: '`node p.mjs` ended with exit code 1, saying: the page asks for a login.',
    },
    charts: {
      from: 22.6,
      to: 23.1,
      status: 'failed',
      says: '`node c.mjs` ended with exit code 127, saying: gnuplot: not found.',
    },
    verdict: {
      ...{ from: 22.6, to: 48.2 },
      value:
        'For a small team that knows PostgreSQL, DBOS is the least to run.\nTemporal is the most complete, and asks for a server of its own.\n\nRestate sits between them; its licence (BSL-1.1) has to be read first.',
    },
  };
  return reported(SURVEY, ends, {
    keys: { dig: TOPICS },
    params: { engines: ENGINES.concat('Cadence') },
    files: { 'notes/engines.md': '# Engines', 'notes/prices.md': '# Prices' },
    verified: { holds: false, finding: 'Row 3 (DBOS) names no source.' },
  });
}
