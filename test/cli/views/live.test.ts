import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { widthOf } from '../../../src/cli/views/columns.js';
import { liveView } from '../../../src/cli/views/live.js';
import { PLAIN } from '../../../src/cli/views/look.js';
import type { RunProgress } from '../../../src/core/explain/progress.js';
import type { RunView } from '../../../src/core/explain/runView.js';

const START = 1_000_000;
const NOW = START + 372_000;

const progress: RunProgress = {
  waves: [
    { labels: ['explore'], total: 1, ended: 1, running: 0, holes: 0 },
    { labels: ['dig', 'licences'], total: 201, ended: 118, running: 20, holes: 1 },
    { labels: ['verdict'], total: 1, ended: 0, running: 0, holes: 0, waitsFor: 'dig, licences' },
  ],
  active: [
    {
      label: 'dig[pricing]',
      try: 2,
      tries: 4,
      since: NOW - 41_000,
      failure: 'dig[pricing]: rate limited by the provider. Wait, or raise the limit.',
      nextAt: NOW + 12_000,
    },
    { label: 'dig[価格と料金の比較]', try: 1, tries: 4, since: NOW - 67_000, tokens: 8_210 },
    { label: 'licences', try: 0, tries: 1, since: NOW - 150_000, bytes: 12_345, note: 'page 3' },
  ],
  waiting: [{ label: 'verdict', for: 'dig, licences' }],
  counts: { succeeded: 116, repaired: 2, missing: 1 },
  total: 203,
  ended: 119,
  unopened: 0,
};
const view: RunView = {
  id: 'f3a1',
  name: 'framework-survey',
  phase: 'running',
  startedAt: START,
  progress,
  answered: true,
};
const show = (
  changes: Partial<RunView> = {},
  more: { silentMs?: number; height?: number; hint?: string } = {},
) => liveView({ view: { ...view, ...changes }, now: NOW, ...more }, { ...PLAIN, height: more.height ?? 24 });

describe('a run on a terminal', () => {
  it('shows waves, what runs with its try and time, what waits and for what', () => {
    expect(show({}, { hint: 'ctrl-C leaves it running' }).join('\n')).toBe(
      [
        'framework-survey  f3a1  ● running  6m 12s   about 4m 22s left',
        ' wave 1  ████████████████ 1/1      explore',
        ' wave 2  █████████▍······ 118/201  20 running · 1 hole · dig, licences',
        ' wave 3  ················ 0/1      waits for dig, licences · verdict',
        ' 119 of 203 briefs ended: 116 succeeded · 2 repaired · 1 missing · 1 retrying',
        '',
        ' ↻ dig[pricing]           try 2 of 4  0:41  next in 12 s · rate limited by the…',
        ' ▸ dig[価格と料金の比較]  try 1       1:07  8,210 tokens so far',
        ' ▸ licences               try 1       2:30  page 3 · 12 kB so far',
        ' · verdict                                  waits for dig, licences',
        '                                                       ctrl-C leaves it running',
      ].join('\n'),
    );
  });

  it('says first what waits for a person, and no time left; in a run that stops nobody is asked', () => {
    const waves = [{ ...progress.waves[0]!, asking: 1, ended: 0 }];
    const asking = { ...progress, waves, asking: ['release'], active: [] };
    expect(show({ progress: asking })).toEqual([
      'framework-survey  f3a1  ● running  6m 12s',
      ' wave 1  ················ 0/1      1 waits for an answer · explore',
      ' 119 of 203 briefs ended: 116 succeeded · 2 repaired · 1 missing',
      '',
      ' ? release  waits for an answer: muster gates f3a1',
      ' · verdict  waits for dig, licences',
    ]);
    expect(show({ progress: asking, phase: 'stopping' }).join('\n')).not.toContain('muster gates');
  });

  it('counts what does not fit instead of scrolling it away', () => {
    expect(show({}, { height: 8, hint: 'ctrl-C leaves it running' }).slice(5)).toEqual([
      '',
      ' ↻ dig[pricing]  try 2 of 4  0:41  next in 12 s · rate limited by the provider',
      ' … 3 more                                              ctrl-C leaves it running',
    ]);
  });

  it('shows the waves under way of a long chain, and counts the others', () => {
    const waves = Array.from({ length: 100 }, (_, i) => ({
      labels: [`b${i}`],
      total: 1,
      ended: i < 40 ? 1 : 0,
      running: i === 40 ? 1 : 0,
      holes: 0,
    }));
    const lines = show({ progress: { ...progress, waves } }, { height: 12 });
    expect(lines.slice(1, 5)).toEqual([
      ' wave 41 ················ 0/1      1 running · b40',
      ' wave 42 ················ 0/1      b41',
      ' wave 43 ················ 0/1      b42',
      ' … 40 waves before · 57 waves after',
    ]);
  });

  it('gives no time left while a fan-out is unknown, too little has ended, or later waves are the larger part', () => {
    const head = (changes: Partial<RunProgress>) => show({ progress: { ...progress, ...changes } })[0];
    expect(head({ unopened: 1 })).toBe('framework-survey  f3a1  ● running  6m 12s');
    expect(head({ ended: 9 })).toBe('framework-survey  f3a1  ● running  6m 12s');
    expect(head({ ended: 40 })).toBe('framework-survey  f3a1  ● running  6m 12s');
    const [first, second, third] = progress.waves;
    expect(head({ waves: [first!, second!, { ...third!, total: 50 }] })).toBe(
      'framework-survey  f3a1  ● running  6m 12s',
    );
  });

  it('says that no worker answers, after three seconds and not before', () => {
    expect(show({}, { silentMs: 3_000 }).join()).not.toContain('no worker');
    expect(show({}, { silentMs: 3_001 }).slice(5, 7)).toEqual([
      ' no worker answers. Nothing is lost: the run goes on as soon as one does.',
      '   muster doctor says why   ·   muster dev or muster worker starts one',
    ]);
  });

  it('does not say that a brief waits once nothing more is started', () => {
    expect(show({ phase: 'stopping' }).join('\n')).not.toMatch(/^ · verdict/m);
  });

  it('leaves the deadline out where there is no room, rather than the name', () => {
    const deadlineAt = NOW + 7_200_000;
    expect(show({ deadlineAt })[0]).toBe(
      'framework-survey  f3a1  ● running  6m 12s   about 4m 22s left   deadline in 2h',
    );
    expect(show({ deadlineAt, id: 'survey-of-all-vendors-2' })[0]).toBe(
      'framework-survey  survey-of-all-vendors-2  ● running  6m 12s   about 4m 22s left',
    );
  });

  it('fits any terminal from 60 columns and 8 lines, whatever the labels', () => {
    const label = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 80 });
    const small = fc.nat({ max: 1_000 });
    const active = fc.record({
      label,
      try: fc.nat({ max: 9 }),
      tries: fc.nat({ max: 9 }),
      since: fc.constant(START),
      note: label,
    });
    const wave = fc.record({
      labels: fc.array(label, { minLength: 1, maxLength: 5 }),
      total: fc.integer({ min: 1, max: 1_000 }),
      ended: fc.constant(1),
      running: small,
      holes: small,
    });
    fc.assert(
      fc.property(
        fc.array(wave, { maxLength: 30 }),
        fc.array(active, { maxLength: 50 }),
        label,
        fc.integer({ min: 60, max: 200 }),
        fc.integer({ min: 8, max: 60 }),
        (waves, many, name, width, height) => {
          const looked = { ...view, name, progress: { ...progress, waves, active: many } };
          const lines = liveView(
            { view: looked, now: NOW, hint: 'ctrl-C leaves it running' },
            { ...PLAIN, width, height },
          );
          expect(lines.length).toBeLessThanOrEqual(height);
          for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(width);
        },
      ),
    );
  });
});
