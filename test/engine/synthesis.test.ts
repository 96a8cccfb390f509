import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/core/integrate/report.js';
import type { Json, JsonObject } from '../../src/core/outcome/canonical.js';
import { Failure } from '../../src/core/outcome/failure.js';
import { type IntegrateEffects, integrateRun } from '../../src/engine/integrateRun.js';
import { type End, effects, OPENED, RUN, recordRun, textOf } from './recordedRun.js';

const PLAN = (synthesize: string) => `muster: 1
name: parks
brief: How many parks have the cities, and which has most?
params: { type: object, properties: { cities: { type: array, items: { type: string } } } }
briefs:
  - { id: count, run: [node, c.mjs, '{{ c }}'], forEach: { in: params.cities, as: c }, parse: json, retry: { attempts: 1, then: missing } }
integrate:
  merge: { cities: { from: [count], at: $, key: city } }
  synthesize: ${synthesize}
`;
const SECTION = "{ sections: [{ title: Parks, covers: '$.cities[*].city' }] }";
const about = (city: string, parks: number, more = ''): Json => ({
  city,
  parks,
  note: `${city} has ${parks} parks.${more}`,
});
const ENDS: { readonly [label: string]: End } = {
  'count[oslo]': { status: 'succeeded', value: about('Oslo', 12) },
  'count[porto]': { status: 'succeeded', value: about('Porto', 31) },
};
type Ask = IntegrateEffects['executors']['ask'];
type Asked = Parameters<Ask>[0]['work']['messages'];
const sentence = (text: string, ...cites: readonly string[]): Json => ({ text, cites });
const draft = (...sentences: readonly Json[]): Json => ({ paragraphs: [{ sentences }] });
const GOOD = [
  sentence('Oslo has 12 parks.', 'count[oslo]'),
  sentence('Porto has 31 parks.', 'count[porto]'),
] as const;

/** A writer with these drafts, one after the other; keeps what it was asked. */
function writer(...drafts: readonly (Json | Failure)[]) {
  const asked: Asked[] = [];
  const ask: Ask = async ({ work }) => {
    asked.push(work.messages);
    const next = drafts[asked.length - 1] ?? drafts.at(-1)!;
    if (next instanceof Failure) throw next;
    return { output: { value: next }, usage: { inputTokens: 10 } };
  };
  return { asked, ask };
}

async function integrated(ask: Ask, { ends = ENDS, synthesize = SECTION, cities = ['oslo', 'porto'] } = {}) {
  const recorded = await recordRun(PLAN(synthesize), ends, { keys: { count: cities }, params: { cities } });
  const go = async () => {
    const fan = cities.map((city) => (ends[`count[${city}]`]?.status === 'succeeded' ? 's' : 'm')).join('');
    const note = { reason: 'completed', units: 'd', fans: { '0': fan } } as const;
    const result = await integrateRun(
      { run: RUN, plan: recorded.plan, note, now: OPENED + 9_000 },
      effects(recorded.store, { ask }),
    );
    const report = JSON.parse(await textOf(recorded.store, result.report.json)) as Report;
    const section = report.answer.prose!.sections[0]!;
    return { result, report, section, text: await textOf(recorded.store, result.report.markdown) };
  };
  return { ...(await go()), again: go };
}

describe('the answer in words', () => {
  it('is written from the merged data, each sentence with the briefs that it rests on; the data stand beside it', async () => {
    const { ask, asked } = writer(draft(...GOOD));
    const { result, section, report, text } = await integrated(ask);
    expect(result.status).toBe('complete');
    expect(section).toEqual({ title: 'Parks', paragraphs: [GOOD] });
    expect(report.answer.data.cities).toHaveLength(2);
    expect(asked).toHaveLength(1);
    expect(asked[0]![1]!.content).toMatch(
      /## The original brief\nHow many parks .*\n\n## The section\nParks/,
    );
    expect(asked[0]![1]!.content).toMatch(/<<< data [0-9a-f]{16}: from "count\[oslo\]"\n\{"city":"Oslo"/);
    expect(text).toMatch(
      /### Parks\n\nOslo has 12 parks\. `count\[oslo\]` Porto has 31 parks\. `count\[porto\]`\n/,
    );
    expect(text.indexOf('### Parks')).toBeLessThan(text.indexOf('### cities'));
  });

  it.each<[string, Json, string]>([
    ['an altered figure', sentence('Oslo has 13 parks.', 'count[oslo]'), '13'],
    ['a figure of another subject', sentence('Oslo has 31 parks.', 'count[oslo]', 'count[porto]'), '31'],
    ['an invented source', sentence('Oslo has 12 parks.', 'count[oslo]', 'atlas'), 'atlas'],
    ['an invented name', sentence('Kari Nordmann counted 12 parks in Oslo.', 'count[oslo]'), 'Kari Nordmann'],
    ['no source', sentence('Oslo has 12 parks.'), ''],
  ])('is not used where it has %s, which goes back to the writer', async (_, bad, token) => {
    const { ask, asked } = writer(draft(bad, ...GOOD), draft(...GOOD));
    const { section, result } = await integrated(ask);
    expect(section).toEqual({ title: 'Parks', paragraphs: [GOOD] });
    expect(result.status).toBe('complete');
    expect(asked).toHaveLength(2);
    expect(asked[1]!.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user']);
    expect(asked[1]![3]!.content).toContain(token);
  });

  it('leaves out what is not borne out after all rounds, lists it with why, and the answer is not complete', async () => {
    const bad = sentence('Oslo has 13 parks.', 'count[oslo]');
    const { ask, asked } = writer(draft(bad, ...GOOD));
    const { section, result, text } = await integrated(ask);
    // The third time would be the second question once more, which has its answer.
    expect(asked).toHaveLength(2);
    expect(section.paragraphs).toEqual([GOOD]);
    expect(section.rejected).toEqual([
      { ...(bad as object), findings: [{ token: '13', kind: 'figure', why: 'not in the cited result' }] },
    ]);
    expect(result.status).toBe('partial');
    expect(text).toContain('Left out of it, because what it cites does not bear it out:');
    expect(text).toContain('Oslo has 13 parks.');
  });

  it('that does not speak of what it was to speak of says so', async () => {
    const { ask } = writer(draft(GOOD[0]));
    const { section, result, text } = await integrated(ask);
    expect(section.lacking).toEqual(['Porto']);
    expect(result.status).toBe('partial');
    expect(text).toContain('It does not speak of `Porto`.');
  });

  it('keeps the best of its drafts', async () => {
    const bad = sentence('Oslo has 13 parks.', 'count[oslo]');
    const { ask } = writer(draft(bad), draft(...GOOD, bad), draft(bad, bad));
    expect((await integrated(ask)).section.paragraphs).toEqual([GOOD]);
  });

  it('is shown what could not be found out, and may say so; a hole stays one whatever it says', async () => {
    const reason = { type: 'CommandFailed', message: 'The register of Bergen answers nobody.' } as const;
    const ends: { [label: string]: End } = { ...ENDS, 'count[bergen]': { status: 'missing', reason } };
    const { ask, asked } = writer(
      draft(...GOOD, sentence('The register of Bergen answers nobody.', 'count[bergen]')),
    );
    const { section, result, report } = await integrated(ask, { ends, cities: ['oslo', 'porto', 'bergen'] });
    expect(asked[0]![1]!.content).toContain('The register of Bergen answers nobody.');
    expect(section.rejected).toBeUndefined();
    expect(report.answer.missing).toHaveLength(1);
    expect(result.status).toBe('partial');
  });

  it('that nobody can write leaves the data, and says why', async () => {
    const { ask } = writer(new Failure('ModelAuth', 'The key is wrong.'));
    const { section, result, report, text } = await integrated(ask);
    expect(section).toEqual({ title: 'Parks', paragraphs: [], failed: 'The key is wrong.' });
    expect(report.answer.data.cities).toHaveLength(2);
    expect(result.status).toBe('partial');
    expect(text).toContain('There is no text: The key is wrong.');
  });

  it('is written once: integrating again asks nobody and gives the same to the byte', async () => {
    const { ask, asked } = writer(draft(...GOOD));
    const first = await integrated(ask);
    const second = await first.again();
    expect(asked).toHaveLength(1);
    expect(second.result.answer).toBe(first.result.answer);
  });

  it('of more than one call can be shown is written from notes, part by part, by theme; no call sees more than the window', async () => {
    const cities = Array.from({ length: 60 }, (_, n) => `c${n}`);
    const ends = Object.fromEntries(
      cities.map((city, n): [string, End] => [
        `count[${city}]`,
        {
          status: 'succeeded',
          value: about(city.toUpperCase(), n + 100, ' It was counted twice.'.repeat(20)),
        },
      ]),
    );
    const seen: { material: number; notes: boolean }[] = [];
    const ask: Ask = async ({ work }) => {
      const [rules, given] = work.messages;
      const pieces = [
        ...given!.content.matchAll(/<<< data [0-9a-f]{16}: from (.*)\n([\s\S]*?)\n[0-9a-f]{16} >>>/g),
      ];
      const notes = rules!.content.includes('You take notes');
      seen.push({ material: pieces.reduce((sum, [, , text]) => sum + text!.length, 0), notes });
      const said = pieces.map(([, by, text]): JsonObject => {
        const [, city, parks] = /(C\d+) has (\d+) parks/.exec(text!)!;
        return { text: `${city} has ${parks} parks.`, cites: JSON.parse(`[${by}]`) as Json };
      });
      if (!notes) return { output: { value: draft(...said) } };
      const themed = said.map((one, n) => ({ theme: n % 2 === 0 ? 'Even' : 'odd', ...one }));
      return { output: { value: { notes: themed } as Json } };
    };
    const { section, result } = await integrated(ask, { ends, cities, synthesize: '{ window: 8000 }' });
    expect(result.status).toBe('complete');
    expect(seen.filter(({ notes }) => notes).length).toBeGreaterThan(3);
    expect(seen.at(-1)!.notes).toBe(false);
    for (const { material } of seen) expect(material).toBeLessThanOrEqual(8000);
    const sentences = section.paragraphs.flat();
    expect(new Set(sentences.flatMap(({ cites }) => cites)).size).toBe(60);
    const even = sentences.map(({ text }) => text);
    expect(even).toContain('C59 has 159 parks.');
  });

  it('gives up where notes are no shorter than what they are about', async () => {
    const long = {
      ...ENDS,
      'count[oslo]': { status: 'succeeded', value: about('Oslo', 12, ' Lovely.'.repeat(300)) },
    } as const;
    const ask: Ask = async ({ work }) => {
      const text = `Oslo is lovely. ${'It is green. '.repeat(300)}`;
      return work.messages[0]!.content.includes('You take notes')
        ? { output: { value: { notes: [{ theme: 'x', text, cites: ['count[oslo]'] }] } } }
        : { output: { value: draft(...GOOD) } };
    };
    const { section } = await integrated(ask, { ends: long, synthesize: '{ window: 1000 }' });
    expect(section.failed).toMatch(/no shorter than that is/);
  });
});
