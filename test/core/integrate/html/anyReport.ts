import fc from 'fast-check';
import { labelOf } from '../../../../src/core/integrate/expected.js';
import type { Report } from '../../../../src/core/integrate/report.js';
import { STATUSES } from '../../../../src/core/outcome/outcome.js';
import type { Plan } from '../../../../src/core/plan/plan.js';

export interface Reported {
  readonly report: Report;
  readonly plan: Plan;
}

/** Any report, whatever its parts have to do with each other, with `text` wherever a person, a plan or a brief says something. */
export function anyReport(text: fc.Arbitrary<string>): fc.Arbitrary<Reported> {
  const few = <T>(of: fc.Arbitrary<T>) => fc.array(of, { maxLength: 3 });
  const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });
  const ms = fc.nat(9_000_000);
  const status = fc.constantFrom(...STATUSES);
  const reason = fc.record({ type: fc.constant('CommandFailed'), message: text });
  const value = fc.oneof(
    text,
    fc.integer(),
    fc.double({ noNaN: true }),
    fc.constantFrom(null, true),
    few(text),
    fc.dictionary(text, text, { maxKeys: 2 }),
    fc.record({ keptBoth: few(fc.record({ value: text, by: few(text) })) }),
  );
  const item = fc.dictionary(text, value, { maxKeys: 10 });
  const row = fc.record({
    brief: text,
    key: maybe(text),
    title: maybe(text),
    status,
    reason: maybe(reason),
    because: maybe(text),
    fallback: maybe(fc.constantFrom('constant', 'run', 'ask', 'http', 'call')),
    several: maybe(
      fc.oneof(
        fc.record({
          kind: fc.constant('views'),
          views: fc.array(fc.record({ name: text, value: maybe(value), reason: maybe(text) })),
        }),
        fc.record({
          kind: fc.constant('variants'),
          samples: fc.nat(9),
          order: fc.array(fc.nat(9)),
          near: fc.array(fc.record({ n: fc.nat(9), as: fc.nat(9) })),
          rankedBy: maybe(text),
        }),
      ),
    ),
    voted: maybe(
      fc.record({
        samples: fc.integer({ min: 1, max: 9 }),
        candidates: fc.array(fc.record({ value, by: fc.array(fc.nat(), { minLength: 1 }) }), {
          maxLength: 3,
        }),
        abstained: fc.array(fc.nat(), { maxLength: 3 }),
        because: text,
        decided: fc.boolean(),
      }),
    ),
    digest: maybe(text),
  });
  const usage = maybe(
    fc.record({
      inputTokens: maybe(fc.nat()),
      outputTokens: maybe(fc.nat()),
      cpuSeconds: maybe(fc.nat()),
      peakMemory: maybe(fc.nat()),
    }),
  );
  const rule = fc.oneof(
    fc.record({ kind: fc.constant('prefer'), brief: text }),
    fc.record({ kind: fc.constantFrom('majority', 'keep-both', 'fail') }),
  );
  const brief = fc.record({
    id: text,
    title: maybe(text),
    needs: few(text),
    executor: fc.record({ kind: fc.constantFrom('run', 'ask', 'plan') }),
    accept: fc.constant([]),
    retry: fc.record({ attempts: fc.integer({ min: 1, max: 5 }) }),
  });
  const fileValue = fc.oneof(
    fc.constantFrom('deleted', 'folder'),
    fc.record({ id: text, size: fc.nat(), mode: maybe(fc.constantFrom('executable', 'link')) }),
  );
  const fileSaid = fc.record({
    value: fileValue,
    by: few(text),
    beside: maybe(text),
    files: maybe(fc.array(fc.record({ path: text, id: text }), { maxLength: 25 })),
  });
  const change = fc.constantFrom('added', 'modified', 'deleted');
  const files = fc.record({
    tree: text,
    changes: few(fc.record({ path: text, change, by: few(text) })),
    collisions: few(
      fc
        .record({ path: text, values: few(fileSaid), rule: maybe(text), kept: maybe(fileValue) })
        .map((one) => ({ ...one, lost: one.kept === undefined ? [] : one.values.slice(1) })),
    ),
    strays: few(
      fc.record({
        by: text,
        paths: few(fc.record({ path: text, change, because: maybe(fc.constantFrom('repository', 'name')) })),
      }),
    ),
  });
  const ruled = fc.oneof(
    fc.constantFrom('majority', 'fail', 'keep-both', 'consensus 3'),
    fc
      .tuple(fc.constantFrom('prefer', 'judge', 'highest', 'lowest', 'newest', 'oldest'), text)
      .map((all) => all.join(' ')),
  );
  const conflict = fc
    .record({
      in: text,
      item: fc.oneof(item, fc.constant({})),
      field: fc.oneof(text, fc.constant('')),
      values: fc.array(fc.record({ value, by: few(text) }), { minLength: 2, maxLength: 3 }),
      rule: maybe(fc.oneof(ruled, text)),
      quorum: maybe(fc.record({ asked: fc.nat(5), most: fc.nat(5) })),
      judge: maybe(text),
      decided: fc.boolean(),
    })
    .map(({ decided, ...one }) => ({
      ...one,
      ...(decided && { kept: one.values[0]!.value }),
      lost: decided ? one.values.slice(1) : [],
    }));

  const plan = fc.record({
    name: text,
    briefs: few(brief),
    requirements: fc.constant([]),
    limits: fc.record({ concurrency: fc.integer({ min: 1, max: 500 }) }),
    integrate: fc.record({
      merge: few(fc.record({ name: text, key: few(text), conflicts: few(rule) })),
      files: maybe(few(rule)),
      verify: maybe(few(text)),
    }),
  });
  const lists = fc.dictionary(text, fc.array(item, { minLength: 1, maxLength: 60 }), { maxKeys: 2 });
  const finding = fc.record({ token: text, kind: fc.constant('figure'), why: fc.constant('unknown id') });
  const findings = fc.array(finding, { minLength: 1, maxLength: 3 });
  const sentence = { text, cites: few(text) };
  const written = fc.record({
    title: text,
    paragraphs: few(few(fc.record(sentence))),
    rejected: maybe(few(fc.record({ ...sentence, findings }))),
    lacking: maybe(few(text)),
    failed: maybe(text),
  });
  const answer = fc.record({
    prose: maybe(fc.record({ sections: few(written) })),
    name: text,
    brief: text,
    lists,
    groups: fc.dictionary(text, few(fc.record({ common: item, items: few(fc.oneof(item, value)) })), {
      maxKeys: 2,
    }),
    things: fc.dictionary(text, value, { maxKeys: 2 }),
    others: fc.dictionary(text, fc.oneof(value, few(value), fc.dictionary(text, few(item), { maxKeys: 2 })), {
      maxKeys: 3,
    }),
    requirements: few(
      fc.record({
        id: text,
        says: text,
        status: fc.constantFrom('covered', 'missing', 'contradicted', 'unchecked'),
        evidence: text,
        lacking: maybe(few(value)),
        wouldHaveComeFrom: maybe(fc.array(text, { maxLength: 7 })),
        unsupported: maybe(
          few(
            fc.record({
              at: text,
              cites: few(text),
              findings,
            }),
          ),
        ),
      }),
    ),
    missing: few(fc.record({ brief: text, key: maybe(text), status, why: text, wouldHaveGiven: text })),
    conflicts: few(conflict),
    duplicates: few(
      fc.record({
        in: text,
        item: fc.oneof(item, text),
        by: few(text),
        near: maybe(few(fc.record({ value, by: text, alike: fc.double({ min: 0, max: 1, noNaN: true }) }))),
      }),
    ),
    unreduced: maybe(few(fc.record({ in: text, why: text }))),
    dropped: maybe(few(fc.record({ in: text, item: fc.oneof(item, text), by: few(text) }))),
    agreement: maybe(
      fc.dictionary(text, fc.record({ compared: fc.nat(9), agreed: fc.nat(9) }), { maxKeys: 2 }),
    ),
    ledger: few(row),
    files: maybe(files),
    verified: maybe(fc.record({ holds: fc.boolean(), finding: maybe(text) })),
    inputs: fc.dictionary(text, few(fc.record({ path: text, digest: text, size: fc.nat() })), { maxKeys: 2 }),
  });
  const link = fc.record({
    label: text,
    ms,
    waitedMs: fc.nat(5_000),
    waitedFor: maybe(
      fc.record({
        kind: fc.constantFrom('concurrency', 'capacity', 'wave', 'worker'),
        name: maybe(text),
      }),
    ),
  });
  const run = fc.record({
    id: text,
    status: fc.constantFrom('complete', 'partial', 'failed', 'cancelled'),
    ending: fc.constantFrom('completed', 'failed', 'cancelled', 'deadline', 'salvaged'),
    answer: text,
    started: ms,
    wallMs: ms,
    sumMs: ms,
    ratio: fc.nat(100),
    agents: fc.nat(9),
    tries: fc.nat(9),
    rerunOf: maybe(text),
    reused: fc.nat(3),
    takenUpAgain: fc.nat(2),
    usage,
    repairs: maybe(few(few(fc.record({ label: text, findings: few(text) })))),
    integrator: maybe(
      fc.record({
        questions: fc.nat(3),
        tries: fc.nat(3),
        models: maybe(few(fc.oneof(text, fc.constant('simulated')))),
      }),
    ),
    models: maybe(few(fc.record({ model: text, briefs: fc.nat(9), simulated: maybe(fc.constant(true)) }))),
    patches: maybe(
      few(
        fc.record({
          at: ms,
          changed: few(fc.record({ id: text })),
          added: few(text),
          removed: few(text),
          plan: few(text),
        }),
      ),
    ),
    boundedBy: maybe(
      fc.record({
        by: fc.constantFrom('needs', 'deadline', 'concurrency', 'capacity', 'wave', 'worker'),
        name: maybe(text),
        chain: fc.array(link, { maxLength: 14 }),
      }),
    ),
    waves: few(few(text)),
  });
  const timing = fc.record({
    tries: fc.nat(4),
    span: maybe(fc.tuple(ms, ms)),
    usage,
    model: maybe(text),
    reused: maybe(fc.record({ run: text, ended: ms })),
    anew: maybe(
      fc.oneof(
        fc.record({ because: fc.constantFrom('new', 'bad', 'fallback', 'not-done') }),
        fc.record({ because: fc.constant('changed'), fields: few(text) }),
        fc.record({ because: fc.constant('unfit'), finding: text }),
      ),
    ),
  });

  return fc
    .record({
      plan,
      answer,
      run,
      timings: fc.array(timing, { minLength: 3, maxLength: 3 }),
      given: few(text),
    })
    .map(({ plan, answer: { lists, groups, things, others, inputs, ...answer }, run, timings, given }) => {
      const briefs = answer.ledger.map((row, n) => {
        const { span, ...timing } = timings[n]!;
        const [from, busyMs] = span ?? [];
        const timed =
          from === undefined
            ? {}
            : { started: run.started + from, ended: run.started + from + busyMs!, busyMs };
        return { label: labelOf(named(row)), status: row.status, ...timing, ...timed };
      });
      const counts = Object.fromEntries(
        STATUSES.map((one) => [one, briefs.filter(({ status }) => status === one).length]),
      );
      const items = Object.fromEntries(
        Object.entries(lists).map(([name, all]) => [name, all.map((_, n) => given.slice(n % 3))]),
      );
      const grouped = Object.entries(groups).map(
        ([name, all]) => [name, all.map(({ common, items }) => ({ ...common, items }))] as const,
      );
      const merge = [
        ...Object.keys(groups).map((name) => ({ name, key: [], conflicts: [], group: ['g'] })),
        ...Object.keys(things).map((name) => ({ name, key: [], conflicts: [], deep: true })),
        ...plan.integrate.merge,
      ];
      const data = { ...others, ...lists, ...things, ...Object.fromEntries(grouped) };
      const said = {
        ...items,
        ...Object.fromEntries(Object.keys(things).map((name) => [name, [given]])),
        ...Object.fromEntries(
          grouped.map(([name, all]) => [name, all.flatMap(({ items }) => items).map(() => given)]),
        ),
      };
      const provenance = {
        items: said,
        files: Object.fromEntries(briefs.map(({ label }) => [label, given])),
        inputs,
      };
      const whole = {
        v: 1,
        answer: { ...answer, data, provenance },
        run: { ...run, ended: run.started + run.wallMs, counts, briefs },
      };
      // As it is stored, and read: without what is undefined.
      const stated = { ...plan, integrate: { ...plan.integrate, merge } };
      return JSON.parse(JSON.stringify({ report: whole, plan: stated })) as Reported;
    });
}

const named = ({ brief, key }: { brief: string; key: string | undefined }) => ({
  brief,
  ...(key !== undefined && { key }),
});
