import { setOf, type UnitGraph, wholeNeeds } from '../graph/units.js';
import type { ClosingNote } from '../schedule/closing.js';
import { type Expected, labelOf } from './expected.js';
import type { LedgerRow } from './ledger.js';

/** What decided how long a run took. */
export interface Bounds {
  readonly by: WaitedFor | 'needs' | 'deadline';
  /** Of the lock or capacity. */
  readonly name?: string;
  /** The longest chain, in order: each began once the one before it had ended, or once there was room. */
  readonly chain: readonly Link[];
}

export interface Link {
  readonly label: string;
  readonly ms: number;
  /** From when its needs had ended until it began, ms. */
  readonly waitedMs: number;
  /** What it waited for then; the link before it is who made room. */
  readonly waitedFor?: { readonly kind: WaitedFor; readonly name?: string };
}

/** A slot of the run's concurrency, a lock or capacity, the wave before it, or a worker to take it up. */
type WaitedFor = 'concurrency' | 'capacity' | 'wave' | 'worker';

/** Row and unit of what was carried out. */
interface Span extends Expected {
  readonly started: number;
  readonly ended: number;
}

/**
 * Walks back from the brief that ended last: through the need that ended last, or where it then waited for room,
 * through whoever made it. Undefined where nothing was carried out.
 * @param begun when the run began, ms since the epoch
 */
export function boundsOf(
  graph: UnitGraph,
  ledger: readonly LedgerRow[],
  expected: readonly Expected[],
  begun: number,
  ending?: ClosingNote['reason'],
): Bounds | undefined {
  const spans = expected.flatMap((one, n): Span[] => {
    const { started, ended } = ledger[n]!;
    return started === undefined || ended === undefined ? [] : [{ ...one, started, ended }];
  });
  const byUnit = new Map<number, Span[]>();
  for (const span of spans) {
    const same = byUnit.get(span.u);
    if (same) same.push(span);
    else byUnit.set(span.u, [span]);
  }
  const steps: Step[] = [];
  for (let span = lastOf(spans); span; ) {
    const need = lastOf(needsOf(graph, span, byUnit));
    const ready = Math.min(need?.ended ?? begun, span.started);
    const wait = span.started > ready ? waitOf(graph, spans, span, ready) : undefined;
    const before: Span | undefined = wait?.madeRoom ?? need;
    steps.unshift({
      span,
      ready,
      from: Math.min(before?.ended ?? begun, span.started),
      ...(wait && { wait }),
    });
    span = before;
  }
  if (steps.length === 0) return undefined;
  const chain = steps.map(linkOf);
  return ending === 'deadline' ? { by: 'deadline', chain } : { ...largest(steps), chain };
}

interface Step {
  readonly span: Span;
  /** When its needs had ended. */
  readonly ready: number;
  /** When the step before it had ended. */
  readonly from: number;
  readonly wait?: Wait;
}
interface Wait {
  readonly for: NonNullable<Link['waitedFor']>;
  readonly madeRoom?: Span;
}

const lastOf = (spans: readonly Span[]): Span | undefined =>
  spans.reduce<Span | undefined>((last, span) => (last && last.ended > span.ended ? last : span), undefined);

function needsOf(graph: UnitGraph, { u, k }: Span, byUnit: ReadonlyMap<number, readonly Span[]>): Span[] {
  const set = setOf(graph, u);
  return [
    ...wholeNeeds(set).flatMap((need) => byUnit.get(need) ?? []),
    ...(set.each ?? []).flatMap((need) => (byUnit.get(need) ?? []).filter((span) => span.k === k)),
  ];
}

const linkOf = ({ span, ready, wait }: Step): Link => ({
  label: labelOf(span),
  ms: span.ended - span.started,
  waitedMs: span.started - ready,
  ...(wait && { waitedFor: wait.for }),
});

/** Told from who ran meanwhile: the log records when a brief began, not what the dispatcher lacked before. */
function waitOf(graph: UnitGraph, all: readonly Span[], { u, started }: Span, ready: number): Wait {
  // Who waits for a person holds nothing.
  const spans = all.filter((other) => !graph.units[other.u]!.gate);
  const left = spans.filter(
    (other) => other.started < started && other.ended > ready && other.ended <= started,
  );
  const usesOf = (span: Span) => (graph.units[span.u]?.uses ?? []).map(([capacity]) => capacity);
  const held = graph.units[u]?.uses ?? [];
  for (const [capacity] of held) {
    const madeRoom = lastOf(left.filter((other) => usesOf(other).includes(capacity)));
    if (madeRoom) return { for: { kind: 'capacity', name: graph.capacities[capacity]!.name }, madeRoom };
  }
  const madeRoom = lastOf(left);
  if (madeRoom && meanAtOnce(spans, ready, started) >= graph.concurrency / 2)
    return { for: { kind: 'concurrency' }, madeRoom };
  if (madeRoom && graph.waves === 'barrier') return { for: { kind: 'wave' }, madeRoom };
  return { for: { kind: 'worker' } };
}

/**
 * How many ran at once, on average, while something waited. Less than all slots even where they are all taken: between
 * two briefs a slot is on its way through the service.
 */
function meanAtOnce(spans: readonly Span[], from: number, to: number): number {
  const within = spans.map(({ started, ended }) =>
    Math.max(0, Math.min(ended, to) - Math.max(started, from)),
  );
  return within.reduce((sum, ms) => sum + ms, 0) / Math.max(1, to - from);
}

/** What most of the chain's time lay behind: needs, room of one kind, or the way to a worker. */
function largest(steps: readonly Step[]): Pick<Bounds, 'by' | 'name'> {
  const parts = new Map<string, { readonly by: Bounds['by']; readonly name?: string; ms: number }>();
  const add = (ms: number, by: Bounds['by'], name?: string) => {
    const part = parts.get(`${by} ${name}`) ?? { by, ...(name !== undefined && { name }), ms: 0 };
    part.ms += ms;
    parts.set(`${by} ${name}`, part);
  };
  for (const { span, from, wait } of steps) {
    if (wait?.madeRoom) add(span.ended - from, wait.for.kind, wait.for.name);
    else {
      add(span.ended - span.started, 'needs');
      add(span.started - from, 'worker');
    }
  }
  const { by, name } = [...parts.values()].reduce((most, part) => (part.ms > most.ms ? part : most));
  return { by, ...(name !== undefined && { name }) };
}
