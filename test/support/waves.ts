import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { labelOf } from '../../src/core/integrate/expected.js';
import { decodeSegment } from '../../src/core/outcome/segment.js';
import { type Execution, NOTING, type Place } from './muster.js';

/** Two waves of eight, each brief a command of `ms` that notes its execution outside Muster. Returns the plan's file. */
export function twoWaves(here: Place, ms = 400): string {
  here.write('noting.mjs', NOTING);
  here.write('log', '');
  const numbers = Array.from({ length: 8 }, (_, n) => n);
  const run = (id: string) => ['node', 'noting.mjs', 'log', id, `${ms}`];
  const from = [...numbers.map((n) => `a${n}`), ...numbers.map((n) => `b${n}`)];
  return here.write('plan.json', {
    muster: 1,
    name: 'two-waves',
    brief: 'Note sixteen executions.',
    requirements: [{ id: 'all', says: 'All are there.', check: { count: { min: 16 }, in: '$.notes[*]' } }],
    limits: { concurrency: 4 },
    defaults: { heartbeat: '2s', timeout: '1m', parse: 'json' },
    briefs: [
      ...numbers.map((n) => ({ id: `a${n}`, run: run(`a${n}`) })),
      ...numbers.map((n) => ({ id: `b${n}`, needs: [`a${n}`, `a${(n + 1) % 8}`], run: run(`b${n}`) })),
    ],
    integrate: { merge: { notes: { from, at: '$', key: ['brief'] } } },
  });
}

/** What `muster result --json` says of a run, as far as faults are concerned. */
export interface Answered {
  readonly digest: string;
  readonly ledger: readonly { readonly brief: string; readonly status: string }[];
}
export async function answerOf(here: Place, id: string): Promise<Answered> {
  const { stdout } = await here.muster('result', id, '--json');
  const report = JSON.parse(stdout);
  return { digest: report.run.answer, ledger: report.answer.ledger };
}

/** Executions by brief. */
export function byBrief(all: readonly Execution[]): ReadonlyMap<string, readonly Execution[]> {
  const found = new Map<string, Execution[]>();
  for (const one of all) found.set(one.brief, [...(found.get(one.brief) ?? []), one]);
  return found;
}

/** Briefs and instances whose last outcome is in a log by now, by label. */
export function recorded(here: Place): ReadonlySet<string> {
  const runs = join(here.folder, 'home/store/runs');
  const segments = readdirSync(runs).flatMap((run) =>
    readdirSync(join(runs, run)).map((name) => decodeSegment(readFileSync(join(runs, run, name)))),
  );
  const rows = segments.flatMap((segment) => segment.rows);
  return new Set(rows.flatMap((row) => (row.row === 'outcome' && row.status ? [labelOf(row)] : [])));
}
