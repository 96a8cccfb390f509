import { nameOf } from '../../../../src/core/graph/node.js';
import { expectedOf } from '../../../../src/core/integrate/expected.js';
import { type Asked, type FactsInput, factsOf } from '../../../../src/core/integrate/facts.js';
import { buildLedger } from '../../../../src/core/integrate/ledger.js';
import type { Decided } from '../../../../src/core/integrate/merge.js';
import { answerOf, draftOf, type Verified } from '../../../../src/core/integrate/report.js';
import type { Prose } from '../../../../src/core/integrate/synthesis/prose.js';
import { verdictOf } from '../../../../src/core/integrate/verdict.js';
import type { Json } from '../../../../src/core/outcome/canonical.js';
import { EMPTY, type UnitState } from '../../../../src/core/outcome/fold.js';
import { GIVING, type Status, type Usage } from '../../../../src/core/outcome/outcome.js';
import type { FallbackKind, OutcomeRow } from '../../../../src/core/outcome/rows.js';
import type { ClosingNote } from '../../../../src/core/schedule/closing.js';
import { compiled, fakeDigest, memoryFolder } from '../../plan/support.js';
import type { Reported } from './anyReport.js';

/** How a brief or instance ended; times are seconds after the run began. */
export interface End {
  readonly status?: Status;
  readonly value?: Json;
  readonly says?: string;
  readonly from: number;
  readonly to: number;
  readonly tries?: number;
  readonly fallback?: FallbackKind;
  readonly usage?: Usage;
}

interface Around {
  readonly keys?: { readonly [fan: string]: readonly string[] };
  readonly params?: { readonly [name: string]: Json };
  readonly files?: { readonly [path: string]: string };
  readonly ending?: ClosingNote['reason'];
  readonly verified?: Verified;
  readonly decided?: Decided;
  readonly prose?: Prose;
  readonly integrator?: Asked;
  readonly rounds?: FactsInput['rounds'];
}

export const BEGUN = Date.UTC(2026, 0, 5, 9, 0, 0);

/** The report of a plan whose briefs ended as told, by everything that makes one: compile, ledger, merge, checks, facts. */
export async function reported(
  text: string,
  ends: { readonly [label: string]: End },
  {
    keys = {},
    params = {},
    files = {},
    ending = 'completed',
    verified,
    decided,
    prose,
    integrator,
    rounds,
  }: Around = {},
): Promise<Reported> {
  const { plan, graph } = await compiled(text, { params }, memoryFolder(files));
  const expansions = new Map(plan.briefs.flatMap(({ id }, u) => (keys[id] ? [[u, keys[id]] as const] : [])));
  const expected = expectedOf(plan, expansions);
  const endOf = ({ brief, key }: { readonly brief: string; readonly key?: string }) =>
    ends[key === undefined ? brief : `${brief}[${key}]`];
  const states = new Map(
    expected.flatMap((one): [string, UnitState][] => {
      const end = endOf(one);
      // Whoever was sent back took it up.
      const sentBack = rounds ? { sentBack: rounds.length } : {};
      return end ? [[nameOf(one), { ...stateOf(one.brief, one.key, end), ...sentBack }]] : [];
    }),
  );
  const input = { plan, graph, expansions, states };
  const ledger = buildLedger(input);
  const outputs = ledger.flatMap(({ brief, key, status }) => {
    const value = endOf({ brief, ...(key !== undefined && { key }) })?.value;
    if (value === undefined || !GIVING.has(status)) return [];
    const label = key === undefined ? brief : `${brief}[${key}]`;
    return [{ brief, label, ...(key !== undefined && { key }), value }];
  });
  const answer = {
    ...answerOf({
      ...draftOf({ plan, ledger, outputs, ...(decided && { decided }) }),
      ...(prose && { prose }),
    }),
    ...(verified && { verified }),
  };
  const last = Math.max(...Object.values(ends).map(({ to }) => to));
  const named = {
    ...{ id: 'f3a1', first: 'f3a1', plan: fakeDigest(text) },
    ...{ answer: fakeDigest(JSON.stringify(answer)), status: verdictOf(answer, ending) },
  };
  const facts = factsOf({
    ...input,
    ledger,
    named,
    opened: BEGUN,
    now: BEGUN + 1_000 * (last + 0.4),
    ...(integrator && { integrator }),
    ...(rounds && { rounds }),
  });
  return { plan, report: { v: 1, answer, run: { ...facts, ending } } };
}

function stateOf(brief: string, key: string | undefined, end: End): UnitState {
  const { status = 'succeeded', value, says, from, to, tries = 1, fallback, usage } = end;
  const span = (to - from) / tries;
  const rows = Array.from({ length: tries }, (_, n): OutcomeRow => {
    const last = n === tries - 1;
    const text = JSON.stringify(value);
    return {
      ...{ row: 'outcome', brief, ...(key !== undefined && { key }), try: n + 1 },
      verdict: last && GIVING.has(status) ? 'succeeded' : 'failed',
      started: Math.round(BEGUN + 1_000 * (from + n * span)),
      ended: Math.round(BEGUN + 1_000 * (from + (n + 1) * span)),
      ...(usage && { usage }),
      ...(last && { status }),
      ...(last && says !== undefined && { reason: { type: 'CommandFailed', message: says } }),
      ...(last && fallback && { fallback }),
      ...(last &&
        value !== undefined && {
          ref: { digest: fakeDigest(text), size: text.length, type: 'application/json' },
        }),
    };
  });
  const final = rows.at(-1)!;
  return { ...EMPTY, tries, counted: rows, last: final, final };
}
