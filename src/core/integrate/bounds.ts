import type { UnitGraph } from '../graph/units.js';
import type { ClosingNote } from '../schedule/state.js';
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
  readonly waitedFor?: { readonly kind: WaitedFor; readonly name?: string };
}

/** A slot of the run's concurrency, a lock or capacity, the wave before it, or a worker to take it up. */
export type WaitedFor = 'concurrency' | 'capacity' | 'wave' | 'worker';

/** Row and unit of what was carried out. */
interface Span extends Expected {
  readonly started: number;
  readonly ended: number;
}

/**
 * Walks back from the brief that ended last, each time through the need that ended last. Undefined where nothing was
 * carried out.
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
  const chain: Link[] = [];
  for (let span = lastOf(spans); span; ) {
    const before: Span | undefined = lastOf(needsOf(graph, span, byUnit));
    chain.unshift(linkOf(graph, spans, span, Math.min(before?.ended ?? begun, span.started)));
    span = before;
  }
  if (chain.length === 0) return undefined;
  return ending === 'deadline' ? { by: 'deadline', chain } : { ...largest(chain), chain };
}

const lastOf = (spans: readonly Span[]): Span | undefined =>
  spans.reduce<Span | undefined>((last, span) => (last && last.ended > span.ended ? last : span), undefined);

function needsOf(graph: UnitGraph, { u, k }: Span, byUnit: ReadonlyMap<number, readonly Span[]>): Span[] {
  const set = graph.units[u]?.needs;
  const { success = [], done = [], each = [] } = set === undefined ? {} : graph.sets[set]!;
  return [
    ...[...success, ...done].flatMap((need) => byUnit.get(need) ?? []),
    ...each.flatMap((need) => (byUnit.get(need) ?? []).filter((span) => span.k === k)),
  ];
}

function linkOf(graph: UnitGraph, spans: readonly Span[], span: Span, ready: number): Link {
  const { started, ended } = span;
  const waitedMs = started - ready;
  return {
    label: labelOf(span),
    ms: ended - started,
    waitedMs,
    ...(waitedMs > 0 && { waitedFor: reasonOf(graph, spans, span, ready) }),
  };
}

/** Told from who ran meanwhile: the log records when a brief began, not what the dispatcher lacked before. */
function reasonOf(
  graph: UnitGraph,
  spans: readonly Span[],
  { u, started }: Span,
  ready: number,
): NonNullable<Link['waitedFor']> {
  // Who left during the wait made room.
  const left = spans.filter(
    (other) => other.started < started && other.ended > ready && other.ended <= started,
  );
  const held = new Set((graph.units[u]?.uses ?? []).map(([capacity]) => capacity));
  const holder = left
    .flatMap((other) => graph.units[other.u]?.uses ?? [])
    .find(([capacity]) => held.has(capacity));
  if (holder) return { kind: 'capacity', name: graph.capacities[holder[0]]!.name };
  const atOnce = spans.filter((other) => other.started <= ready && other.ended > ready).length;
  if (left.length > 0 && atOnce >= graph.concurrency) return { kind: 'concurrency' };
  return { kind: left.length > 0 && graph.waves === 'barrier' ? 'wave' : 'worker' };
}

/** The largest part of the time that the chain took: its own briefs, or one kind of wait. */
function largest(chain: readonly Link[]): Pick<Bounds, 'by' | 'name'> {
  const parts = new Map<string, { by: Bounds['by']; name?: string; ms: number }>();
  const add = (by: Bounds['by'], name: string | undefined, ms: number) => {
    const part = parts.get(`${by} ${name}`) ?? { by, ...(name !== undefined && { name }), ms: 0 };
    part.ms += ms;
    parts.set(`${by} ${name}`, part);
  };
  for (const { ms, waitedMs, waitedFor } of chain) {
    add('needs', undefined, ms);
    if (waitedFor) add(waitedFor.kind, waitedFor.name, waitedMs);
  }
  const { by, name } = [...parts.values()].reduce((most, part) => (part.ms > most.ms ? part : most));
  return { by, ...(name !== undefined && { name }) };
}
