import { expect, it } from 'vitest';
import { doctorView } from '../../../src/cli/views/doctor.js';
import { listView } from '../../../src/cli/views/list.js';
import { PLAIN } from '../../../src/cli/views/look.js';
import { reasonIn, replayView } from '../../../src/cli/views/replay.js';

const NOW = 100_000_000;
const opened = { first: 'x', plan: 'x', brief: 'Which?' };

it('lists runs with their state and times; one without a report is open, which claims nothing more', () => {
  const closed = {
    status: 'partial' as const,
    answer: 'x',
    report: { json: 'x', markdown: 'x' },
    counts: {},
    closedAt: NOW - 1_000_000,
  };
  expect(
    listView(
      [
        { ...opened, id: 'f3a1', name: 'framework-survey', openedAt: NOW - 180_000 },
        {
          ...opened,
          id: '9c41',
          name: 'code-review-of-a-very-large-folder-indeed',
          openedAt: NOW - 2_360_000,
          closed,
        },
      ],
      NOW,
      PLAIN,
    ),
  ).toEqual([
    ' run   plan                            state         began           took',
    ' f3a1  framework-survey                ● open        3m ago',
    ' 9c41  code-review-of-a-very-large-f…  ◐ partial     39m 20s ago     22m 40s',
  ]);
});

it('says how to begin where there is no run', () => {
  expect(listView([], NOW, PLAIN)).toEqual(['No run yet. Start one: muster run PLAN']);
});

it('shows what the doctor found, and below it what to do', () => {
  expect(
    doctorView(
      [
        { what: 'Node', state: 'ok', detail: 'v20.20.2' },
        {
          what: 'worker',
          state: 'missing',
          detail: 'nobody polls task queue muster-1',
          todo: '`muster dev` starts one; runs wait until then.',
        },
        { what: 'disk', state: 'problem', detail: '0.2 GB free', todo: 'Make room.' },
      ],
      PLAIN,
    ),
  ).toEqual([
    ' ✔ Node     v20.20.2',
    ' · worker   nobody polls task queue muster-1',
    '            → `muster dev` starts one; runs wait until then.',
    ' ✖ disk     0.2 GB free',
    '            → Make room.',
    '',
    ' 1 to mend',
  ]);
});

it('names the event at which a history and the code part, and why', () => {
  const message = reasonIn(
    `Details: Failure { message: "[TMPRL1100] Nondeterminism error: Activity type of scheduled event 'other' does not match \\"unit\\"", source: "" }`,
  );
  expect(replayView('f3a1', 41, { event: 17, type: 'activityTaskScheduled', message }, PLAIN)).toEqual([
    'f3a1  41 events  ✖ diverges at event 17 (activity task scheduled)',
    '',
    ` Activity type of scheduled event 'other' does not match "unit"`,
  ]);
  expect(replayView('f3a1', 12, undefined, PLAIN)).toEqual(['f3a1  12 events  ✔ replays with this version']);
  expect(replayView('f3a1', 12, { message: 'no such workflow' }, PLAIN)[0]).toBe(
    'f3a1  12 events  ✖ cannot be replayed',
  );
});
