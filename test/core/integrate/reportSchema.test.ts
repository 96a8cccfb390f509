import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { answerOf, draftOf, type Report } from '../../../src/core/integrate/report.js';
import { reportJsonSchema, type reportSchema } from '../../../src/core/integrate/reportSchema.js';
import type { Json } from '../../../src/core/outcome/canonical.js';
import { wrongWith } from '../../support/report.js';
import { compiled } from '../plan/support.js';

/** A type without `readonly`, names and intersections; what may be any JSON is one thing. */
type Bare<T> = Json extends T
  ? 'json'
  : T extends readonly (infer Item)[]
    ? Bare<Item>[]
    : T extends object
      ? { -readonly [Key in keyof T]: Bare<T[Key]> }
      : T;
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

const D = 'd'.repeat(64);

/** A report with a conflict, a duplicate, a hole and all that a run of its kind tells. */
async function reported(): Promise<Report> {
  const { plan } = await compiled(`muster: 1
name: x
brief: Which?
requirements: [{ id: some, says: Some., check: { count: { min: 1 }, in: '$.rows[*]' } }]
briefs: [{ id: a, run: [node] }, { id: b, run: [node] }, { id: c, run: [node] }]
integrate: { merge: { rows: { from: [a, b], at: $, key: name, conflicts: [majority] } } }
`);
  const said = (brief: string, cost: number) => {
    const value: Json = [{ name: 'x', cost }, { name: 'y' }];
    return { brief, label: brief, value };
  };
  const ref = { digest: D, size: 1, type: 'application/json' };
  const reason = { type: 'CommandFailed', message: 'It failed.' } as const;
  const answer = answerOf(
    draftOf({
      plan,
      ledger: [
        { brief: 'a', status: 'succeeded', tries: 1, ref },
        { brief: 'b', status: 'succeeded', tries: 1, ref },
        { brief: 'c', status: 'failed', tries: 3, reason },
      ],
      outputs: [said('a', 1), said('b', 2)],
    }),
  );
  const times = { started: 0, ended: 1, wallMs: 1, sumMs: 1, ratio: 1 };
  const counts = { agents: 3, tries: 5, reused: 0, takenUpAgain: 0, counts: { succeeded: 2, failed: 1 } };
  return {
    v: 1,
    answer,
    run: {
      ...{ id: 'f', first: 'g', plan: D, status: 'partial', ending: 'completed', answer: D },
      ...times,
      ...counts,
      waves: [['a', 'b', 'c']],
      briefs: answer.ledger.map(({ brief, status }) => ({ label: brief, status, tries: 1, started: 0 })),
    },
  };
}

/** The report with something at a place changed; `undefined` takes it away. */
async function mutated(path: string, value?: Json): Promise<unknown> {
  const report = JSON.parse(JSON.stringify(await reported()));
  const steps = path.split('.');
  const last = steps.pop()!;
  const within = steps.reduce((at, step) => at[step], report);
  if (!(last in within) && value === undefined) throw new Error(`there is nothing at ${path}`);
  if (value === undefined) delete within[last];
  else within[last] = value;
  return report;
}

describe('the published schema of a report', () => {
  it('and the type of one are the same, as the compiler sees them', () => {
    const same: Same<Bare<Report>, Bare<z.infer<typeof reportSchema>>> = true;
    expect(same).toBe(true);
    expect(reportJsonSchema().$schema).toBe('https://json-schema.org/draft/2020-12/schema');
  });

  it('takes a report that is whole, and one of a later version of Muster that tells more', async () => {
    expect(wrongWith(await reported())).toEqual([]);
    for (const path of ['new', 'answer.new', 'answer.ledger.0.new', 'answer.conflicts.0.new', 'run.new'])
      expect(wrongWith(await mutated(path, { more: 1 }))).toEqual([]);
  });

  it.each([
    ...['v', 'answer', 'run'],
    ...[
      'name',
      'brief',
      'data',
      'requirements',
      'missing',
      'conflicts',
      'duplicates',
      'provenance',
      'ledger',
    ].map((key) => `answer.${key}`),
    ...['id', 'says', 'status', 'evidence'].map((key) => `answer.requirements.0.${key}`),
    ...['brief', 'status'].map((key) => `answer.ledger.2.${key}`),
    ...['type', 'message'].map((key) => `answer.ledger.2.reason.${key}`),
    ...['brief', 'status', 'why', 'wouldHaveGiven'].map((key) => `answer.missing.0.${key}`),
    ...['in', 'item', 'field', 'values', 'lost'].map((key) => `answer.conflicts.0.${key}`),
    ...['value', 'by'].map((key) => `answer.conflicts.0.values.1.${key}`),
    ...['in', 'item', 'by'].map((key) => `answer.duplicates.0.${key}`),
    ...['items', 'files', 'inputs'].map((key) => `answer.provenance.${key}`),
    ...[
      'id',
      'first',
      'plan',
      'status',
      'ending',
      'answer',
      'started',
      'ended',
      'wallMs',
      'sumMs',
      'ratio',
    ].map((key) => `run.${key}`),
    ...['agents', 'tries', 'reused', 'takenUpAgain', 'counts', 'waves', 'briefs'].map((key) => `run.${key}`),
    ...['label', 'status', 'tries'].map((key) => `run.briefs.1.${key}`),
  ])('refuses a report without %s', async (path) => {
    expect(wrongWith(await mutated(path))).not.toEqual([]);
  });

  it.each<[string, Json]>([
    ['v', 2],
    ['answer.ledger', []],
    ['run.briefs', []],
    ['answer.ledger.0.status', 'done'],
    ['answer.ledger.0.digest', 'ABC'],
    ['answer.ledger.2.reason.type', 'Whatever'],
    ['answer.requirements.0.status', 'fine'],
    ['answer.missing.0.status', 'lost'],
    ['answer.conflicts.0.values', 'both'],
    ['answer.data', []],
    ['answer.provenance.items.rows.0', 'a'],
    ['answer.verified', { holds: 'yes' }],
    ['run.status', 'succeeded'],
    ['run.ending', 'over'],
    ['run.counts', { done: 1 }],
    ['run.tries', -1],
    ['run.answer', 'x'],
    ['run.briefs.0.anew', { because: 'whim' }],
    ['run.integrated', { file: 'other.yaml' }],
  ])('refuses a report whose %s is %j', async (path, value) => {
    expect(wrongWith(await mutated(path, value))).not.toEqual([]);
  });
});
