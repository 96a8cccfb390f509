import { afterEach, beforeEach, expect, it } from 'vitest';
import { pageAt, placeWithoutModels, reportOf, runOwn } from '../support/examples.js';
import type { Place } from '../support/muster.js';
import { faultsOf, itInBrowser } from '../support/page.js';

interface Headline {
  readonly headline: string;
  readonly quote: string;
}

const SENTENCES = [
  'Whales sleep with one half of the brain, and with the other one they watch.',
  'A calf of whales drinks four hundred litres of milk each day while it is small and follows its mother.',
  'Old whales teach the young ones songs.',
  'Nobody has counted every song that is sung below the ice.',
  'Krill is what most of them eat.',
];

let here: Place;
beforeEach(() => {
  here = placeWithoutModels();
});
afterEach(() => here.close());

const headlinesFor = (text: string, id: string) =>
  runOwn(here, 'variants', ['--id', id, '--param', `document=${here.write('text.md', text)}`]);
const written = (id: string) => reportOf(here, id, 'home-simulated-variants');

it('keeps six headlines, one for each sentence and one nearly twice, has the long one written again, and uses the best', async () => {
  const { code, stderr } = await headlinesFor(`# Whales\n\n${SENTENCES.join(' ')}\n`, 'whales');
  expect(code, stderr).toBe(0);
  const { report, markdown } = written('whales');
  const headlines = report.answer.data.headlines as unknown as readonly Headline[];
  const quotes = headlines.map(({ quote }) => quote);
  expect([...quotes].sort()).toEqual([...SENTENCES, SENTENCES[0]!].sort());
  for (const { headline, quote } of headlines) {
    expect(headline.length).toBeLessThanOrEqual(60);
    expect(quote).toContain(headline.replace(':', ''));
  }

  // The second was too long, and was asked for again by itself: the others are as they were.
  const [run] = report.run.briefs;
  expect(run).toMatchObject({ label: 'headlines', tries: 2 });
  // Six, one of them again, two that rank, one for the teaser.
  expect(report.run.spent?.calls).toBe(10);
  expect(headlines.find(({ quote }) => quote === SENTENCES[1])!.headline).toBe(
    'A calf of whales drinks four hundred litres of milk each',
  );

  const { several } = report.answer.ledger[0]!;
  expect(several).toMatchObject({ kind: 'variants', samples: 6, near: [{ n: 6, as: 1 }] });
  // Words that others use as well: whales, and those of the two that say the same.
  expect(headlines.slice(0, 2).map(({ quote }) => quote)).toEqual([SENTENCES[0], SENTENCES[0]]);
  expect(markdown).toContain('6 variants, ranked by `simulated-headlines`');
  expect(report.answer.data.teaser).toMatchObject([{ headline: headlines[0]!.headline }]);
});

it('writes no headline for a text in which there is no sentence', async () => {
  const { code } = await headlinesFor('# Whales\n', 'empty');
  expect(code).toBe(1);
  const { report } = written('empty');
  expect(report.answer.missing.map(({ brief }) => brief)).toEqual(['headlines', 'teaser']);
});

itInBrowser('shows its report on a page that keeps nobody out', async (browser) => {
  expect((await runOwn(here, 'variants', ['--id', 'seen'])).code).toBe(0);
  expect(await faultsOf(browser, pageAt(here, 'seen', 'home-simulated-variants'))).toEqual([]);
});
