import fc from 'fast-check';
import { FAILURE_TYPES } from '../../../src/core/outcome/failure.js';
import { STATUSES } from '../../../src/core/outcome/outcome.js';
import type { OutcomeRow, Row } from '../../../src/core/outcome/rows.js';

const time = fc.nat();
const digest = fc.constantFrom('a'.repeat(64), 'b'.repeat(64));
const status = fc.constantFrom(...STATUSES);
const ref = fc.record(
  {
    digest,
    size: fc.nat(),
    type: fc.constantFrom('application/json', 'text/plain'),
    at: fc.record({
      run: fc.uuid(),
      unit: fc.constant('3.1'),
      seq: fc.nat(),
      offset: fc.nat(),
      length: fc.nat(),
    }),
  },
  { requiredKeys: ['digest', 'size', 'type'] },
);
const reason = fc.record({
  type: fc.constantFrom(...FAILURE_TYPES),
  message: fc.string({ unit: 'grapheme' }),
});

const anyOutcome: fc.Arbitrary<OutcomeRow> = fc.record(
  {
    row: fc.constant('outcome' as const),
    brief: fc.constant('dig'),
    key: fc.string({ unit: 'grapheme' }),
    try: fc.nat({ max: 5 }),
    verdict: fc.constantFrom('succeeded', 'failed', 'rejected', 'timed-out', 'crashed', 'cancelled'),
    status,
    ref,
    reason,
    notBefore: time,
    then: fc.constant('fallback' as const),
    fallback: fc.constantFrom('constant', 'ask'),
    askFirst: fc.constant(true as const),
    started: time,
    ended: time,
    usage: fc.record({ inputTokens: fc.nat(), cpuSeconds: fc.double({ min: 0, max: 1e6, noNaN: true }) }),
  },
  { requiredKeys: ['row', 'brief', 'try', 'verdict', 'started', 'ended'] },
);

export const anyRow: fc.Arbitrary<Row> = fc.oneof(
  fc.constant({ row: 'fence' as const }),
  fc.constant({ row: 'released' as const }),
  fc.record({ row: fc.constant('again' as const), time: fc.integer({ min: 1, max: 9 }) }),
  fc.record(
    {
      row: fc.constant('sample' as const),
      n: fc.integer({ min: 1, max: 9 }),
      try: fc.integer({ min: 1, max: 5 }),
      ref,
      reason,
    },
    { requiredKeys: ['row', 'n', 'try'] },
  ),
  fc.record({ row: fc.constant('loop' as const), try: fc.integer({ min: 1, max: 5 }), ref }),
  fc.record({ row: fc.constant('begun' as const), try: fc.integer({ min: 1, max: 5 }) }),
  fc.record({
    row: fc.constant('inputs' as const),
    inputs: fc.dictionary(
      fc.constantFrom('dig', 'licences'),
      fc.array(
        fc.record({ key: fc.string({ unit: 'grapheme' }), status, digest }, { requiredKeys: ['status'] }),
      ),
      { noNullPrototype: true },
    ),
  }),
  fc.record({ row: fc.constant('expansion' as const), keys: fc.array(fc.string()), items: fc.array(ref) }),
  fc.record({
    row: fc.constant('integrated' as const),
    status: fc.constantFrom('complete', 'partial', 'failed', 'cancelled'),
    plan: fc.string(),
    answer: fc.string(),
    report: fc.record({ json: fc.string(), markdown: fc.string() }),
  }),
  fc.record({ row: fc.constant('decision' as const), about: fc.string(), chose: fc.string() }),
  anyOutcome,
);
