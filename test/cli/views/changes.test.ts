import { describe, expect, it } from 'vitest';
import { changeLine } from '../../../src/cli/views/changes.js';
import { PLAIN } from '../../../src/cli/views/look.js';
import { changesBetween } from '../../../src/core/explain/changes.js';
import type { ActiveBrief, RunProgress } from '../../../src/core/explain/progress.js';
import type { RunView } from '../../../src/core/explain/runView.js';

const waves = (ended: number, running: number, holes = 0): RunProgress['waves'] => [
  { labels: ['explore'], total: 2, ended, running, holes },
];
const view = (progress: Partial<RunProgress> = {}, phase: RunView['phase'] = 'running'): RunView => ({
  id: 'f3a1',
  name: 'survey',
  phase,
  startedAt: 0,
  answered: true,
  progress: {
    waves: waves(0, 0),
    active: [],
    waiting: [],
    counts: {},
    total: 2,
    ended: 0,
    unopened: 0,
    ...progress,
  },
});
const brief = (changes: Partial<ActiveBrief> = {}): ActiveBrief => ({
  label: 'a',
  try: 1,
  tries: 3,
  ...changes,
});
const lines = (before: RunView | undefined, after: RunView, verbose = false) =>
  changesBetween(before, after).flatMap(
    (change) => changeLine(change, { ms: 67_000, now: 1_000 }, PLAIN, verbose) ?? [],
  );

describe('what happened between two views of a run', () => {
  it('is nothing where nothing did', () => {
    expect(changesBetween(view(), view())).toEqual([]);
  });

  it('tells once of a gate that asks, and where its answer goes; its wave has begun', () => {
    const asking = view({ waves: [{ ...waves(0, 0)[0]!, asking: 1 }], asking: ['release'] });
    expect(lines(view(), asking)).toEqual([
      '  1:07  wave 1 begins: explore',
      '  1:07  release waits for an answer: muster gates f3a1',
    ]);
    expect(changesBetween(asking, asking)).toEqual([]);
  });

  it('tells the beginning and the end of a wave once each, also when both fall between two looks', () => {
    const begun = view({ waves: waves(0, 1) });
    const over = view({ waves: waves(2, 0, 1) });
    expect(changesBetween(view(), begun).map(({ event }) => event)).toEqual(['wave-began']);
    expect(changesBetween(begun, over).map(({ event }) => event)).toEqual(['wave-ended']);
    expect(changesBetween(view(), over).map(({ event }) => event)).toEqual(['wave-began', 'wave-ended']);
    expect(changesBetween(over, over)).toEqual([]);
  });

  it('tells what happened in a phase before it tells that the next one came', () => {
    const events = (before: RunView, after: RunView) =>
      changesBetween(before, after).map((change) => ('phase' in change ? change.phase : change.event));
    const over = waves(2, 0);
    expect(events(view({}, 'compiling'), view({ waves: waves(0, 1) }))).toEqual(['running', 'wave-began']);
    expect(events(view({ waves: waves(0, 1) }), view({ waves: over }, 'integrating'))).toEqual([
      'wave-ended',
      'integrating',
    ]);
  });

  it('tells a new try, and the wait before it with its reason', () => {
    const waits = view({ active: [brief({ failure: 'a: HTTP 429. Wait.', nextAt: 13_000 })] });
    const again = view({ active: [brief({ try: 2 })] });
    expect(changesBetween(view({ active: [brief()] }), waits)).toEqual([
      { event: 'brief-retries', brief: 'a', try: 1, tries: 3, why: 'a: HTTP 429. Wait.', nextAt: 13_000 },
    ]);
    expect(changesBetween(waits, waits)).toEqual([]);
    expect(changesBetween(waits, again)).toEqual([{ event: 'brief-began', brief: 'a', try: 2, tries: 3 }]);
  });

  it('reads as one line each, with the time since the run began', () => {
    const after = view({
      waves: waves(2, 0, 1),
      active: [brief({ failure: 'a: HTTP 429. Wait.', nextAt: 13_000 })],
      counts: { succeeded: 1, missing: 1 },
      ended: 2,
    });
    expect(lines(view(), after)).toEqual([
      '  1:07  wave 1 begins: explore',
      '  1:07  wave 1 ended: 1 of 2 delivered, 1 hole',
      '  1:07  a  try 1 of 3: HTTP 429, next in 12 s',
      '  1:07  2 of 2 ended: 1 succeeded · 1 missing',
    ]);
  });

  it('keeps quiet about each brief that begins, unless everything is wanted', () => {
    const after = view({ active: [brief()] });
    expect(lines(view(), after)).toEqual([]);
    expect(lines(view(), after, true)).toEqual(['  1:07  a  try 1 of 3 begins']);
  });
});
