import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { follow } from '../../src/cli/follow.js';
import type { Muster } from '../../src/client.js';
import { ended, fakeMuster, fakeScreen, finger, running } from './fakes.js';

type Views = Muster['views'];

function following(
  views: Views,
  more: { cancellable?: boolean; terminal?: boolean; now?: () => number; cancel?: Muster['cancel'] } = {},
) {
  const { cancellable = true, terminal = false, now = () => 10_000, cancel = async () => true } = more;
  const screen = fakeScreen({}, terminal);
  const ctrlC = finger();
  const muster = fakeMuster({ views, cancel });
  return {
    screen,
    ctrlC,
    go: () =>
      follow('f3a1', {
        muster,
        screen,
        onInterrupt: ctrlC.onInterrupt,
        cancellable,
        now,
        secondChanceMs: 20,
      }),
  };
}

describe('following a run', () => {
  it('ends with the last view of a run that has ended, and listens to ctrl-C no more', async () => {
    const { go, ctrlC } = following(async function* () {
      yield running;
      yield ended('complete');
    });
    expect(await go()).toEqual(ended('complete'));
    expect(ctrlC.listening).toBe(0);
  });

  it('leaves the run to itself at the first ctrl-C, says how to come back, and gives no view', async () => {
    const asked: string[] = [];
    const { go, ctrlC, screen } = following(
      async function* (_id, { signal } = {}) {
        yield running;
        ctrlC.press();
        while (!signal?.aborted) {
          yield running;
          await sleep(5);
        }
      },
      { cancel: async (id) => asked.push(id) > 0 },
    );
    expect(await go()).toBeUndefined();
    expect(asked).toEqual([]);
    expect(screen.said.progress).toEqual([
      'survey f3a1 goes on without you.',
      '  muster watch f3a1   ·   muster cancel f3a1',
      '  ctrl-C again within 3 s cancels it',
    ]);
  });

  it('cancels at a second ctrl-C, and follows to the report', async () => {
    const asked: string[] = [];
    const { go, ctrlC } = following(
      async function* () {
        yield running;
        ctrlC.press();
        yield running;
        ctrlC.press();
        yield { ...running, phase: 'stopping' as const };
        await sleep(60); // longer than the second chance
        yield ended('cancelled');
      },
      { cancel: async (id) => asked.push(id) > 0 },
    );
    expect((await go())?.phase).toBe('cancelled');
    expect(asked).toEqual(['f3a1']);
  });

  it('leaves at a third one, though the run is still stopping', async () => {
    const { go, ctrlC } = following(async function* (_id, { signal } = {}) {
      yield running;
      ctrlC.press();
      ctrlC.press();
      yield running;
      ctrlC.press();
      while (!signal?.aborted) yield running;
    });
    expect(await go()).toBeUndefined();
  });

  it('says so where cancelling fails', async () => {
    const { go, ctrlC } = following(
      async function* () {
        yield running;
        ctrlC.press();
        ctrlC.press();
        yield running;
      },
      { cancel: async () => Promise.reject(new Error('Temporal is gone')) },
    );
    await expect(go()).rejects.toThrow('Temporal is gone');
  });

  it('never cancels a run that somebody only watches', async () => {
    const asked: string[] = [];
    const { go, ctrlC, screen } = following(
      async function* (_id, { signal } = {}) {
        yield running;
        ctrlC.press();
        ctrlC.press();
        while (!signal?.aborted) {
          yield running;
          await sleep(1);
        }
      },
      { cancellable: false, cancel: async (id) => asked.push(id) > 0 },
    );
    expect(await go()).toBeUndefined();
    expect(asked).toEqual([]);
    expect(screen.said.progress.join()).not.toContain('again');
  });

  it('redraws on a terminal, and writes lines of change elsewhere', async () => {
    const views: Views = async function* () {
      yield {
        ...running,
        progress: {
          ...running.progress!,
          waves: [{ labels: ['a'], total: 1, ended: 0, running: 1, holes: 0 }],
        },
      };
      yield ended('complete');
    };
    const onTerminal = following(views, { terminal: true });
    await onTerminal.go();
    expect(onTerminal.screen.said.frames[0]?.[1]).toBe(' wave 1  ················ 0/1      1 running · a');
    expect(onTerminal.screen.said.frames.at(-1)).toEqual([]);
    expect(onTerminal.screen.said.progress).toEqual([]);

    const elsewhere = following(views);
    await elsewhere.go();
    expect(elsewhere.screen.said.progress).toEqual(['  0:10  wave 1 begins: a']);
  });

  it('says once that no worker answers, when that has lasted for more than three seconds, and shows what was last known', async () => {
    let now = 0;
    const { progress: _, ...unheard } = { ...running, answered: false, phase: 'compiling' as const };
    const views: Views = async function* () {
      yield running;
      for (now = 1_000; now <= 6_000; now += 1_000) yield unheard;
      yield running;
      yield ended('complete');
    };
    const elsewhere = following(views, { now: () => now });
    await elsewhere.go();
    expect(elsewhere.screen.said.progress.filter((line) => line.includes('no worker'))).toHaveLength(1);
    now = 0;
    const onTerminal = following(views, { now: () => now, terminal: true });
    await onTerminal.go();
    const silent = onTerminal.screen.said.frames.filter((frame) =>
      frame.join().includes('no worker answers'),
    );
    expect(silent).toHaveLength(3);
    expect(silent[0]?.join('\n')).toContain('● running');
    expect(silent[0]?.join('\n')).toContain('0 of 1 brief ended');
  });
});
