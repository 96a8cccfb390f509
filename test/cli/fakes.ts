import type { Context, Session } from '../../src/cli/context.js';
import type { Screen, Wishes } from '../../src/cli/screen.js';
import { PLAIN } from '../../src/cli/views/look.js';
import type { Muster } from '../../src/client.js';
import type { RunView } from '../../src/core/explain/runView.js';
import type { Report } from '../../src/core/integrate/report.js';

/** What a command said, by where it said it. */
export interface Said {
  readonly answers: string[];
  readonly progress: string[];
  readonly objects: unknown[];
  readonly events: unknown[];
  readonly raw: string[];
  readonly frames: (readonly string[])[];
}

export function fakeScreen(wishes: Wishes = {}, terminal = false): Screen & { readonly said: Said } {
  const said: Said = { answers: [], progress: [], objects: [], events: [], raw: [], frames: [] };
  return {
    said,
    wishes,
    answer: (view) => void said.answers.push(...view(PLAIN)),
    progress: (view) => void said.progress.push(...view(PLAIN)),
    object: (value) => void said.objects.push(value),
    event: (value) => void said.events.push(value),
    raw: (text) => void said.raw.push(text),
    ...(terminal && {
      live: {
        draw: (view) => void said.frames.push(view({ ...PLAIN, height: 24 })),
        clear: () => void said.frames.push([]),
      },
    }),
  };
}

/** Ctrl-C under the test's finger. */
export function finger() {
  const listening = new Set<() => void>();
  return {
    press: () => {
      for (const pressed of [...listening]) pressed();
    },
    onInterrupt: (pressed: () => void) => {
      listening.add(pressed);
      return () => void listening.delete(pressed);
    },
    get listening() {
      return listening.size;
    },
  };
}

export const running: RunView = {
  id: 'f3a1',
  name: 'survey',
  phase: 'running',
  startedAt: 0,
  answered: true,
  progress: { waves: [], active: [], waiting: [], counts: {}, total: 1, ended: 0, unopened: 0 },
};
export const ended = (phase: RunView['phase']): RunView => {
  const { progress: _, ...rest } = running;
  return { ...rest, phase, endedAt: 2_000 };
};

const unasked = (what: string) => () => Promise.reject(new Error(`nobody was to ask for ${what}`));

/** A muster of which a test gives what its command is to use; anything else is an error. */
export function fakeMuster(parts: Partial<Muster>): Muster {
  const names = [
    'check',
    'start',
    'list',
    'status',
    'result',
    'salvage',
    'cancel',
    'waves',
    'history',
  ] as const;
  const rest = Object.fromEntries(names.map((name) => [name, unasked(name)])) as unknown as Muster;
  return { ...rest, ...parts };
}

export function fakeContext(
  muster: Partial<Muster>,
  parts: Partial<Context> & { readonly home?: string; readonly calls?: string[] } = {},
): Context {
  const { home = '/nowhere', calls = [], ...rest } = parts;
  const session: Session = {
    home,
    muster: fakeMuster(muster),
    close: async () => void calls.push('close'),
  };
  return {
    screen: fakeScreen(),
    now: () => 60_000,
    onInterrupt: finger().onInterrupt,
    check: unasked('a compiled plan') as Context['check'],
    bringUp: async () => void calls.push('bringUp'),
    open: async () => session,
    ...rest,
  };
}

/** A report as the store has it, of a run that ended so. */
export function storedReport(status: Report['run']['status']) {
  const report: Report = {
    v: 1,
    answer: {
      name: 'survey',
      brief: 'Which?',
      data: {},
      requirements: [],
      missing: [],
      conflicts: [],
      duplicates: [],
      provenance: { items: {}, files: {}, inputs: {} },
      ledger: [],
    },
    run: {
      id: 'f3a1',
      first: 'x',
      plan: 'x',
      status,
      ending: 'completed',
      answer: 'abcdef',
      started: 0,
      ended: 2_000,
      wallMs: 2_000,
      sumMs: 2_000,
      ratio: 1,
      agents: 1,
      tries: 1,
      reused: 0,
      takenUpAgain: 0,
      counts: {},
      waves: [],
      briefs: [],
    },
  };
  return {
    report,
    json: JSON.stringify(report),
    markdown: '# Answer\n',
    html: '<h1>Answer</h1>\n',
    entry: { id: 'f3a1' } as never,
  };
}
