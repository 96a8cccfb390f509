import { nameOf } from '../graph/node.js';
import { type UnitGraph, wholeNeeds } from '../graph/units.js';
import { buildWaves } from '../graph/waves.js';
import type { Plan } from '../plan/plan.js';
import type { Span } from '../schedule/simulate.js';
import { holdingUp, lanesOf } from './gantt.js';

/** A brief or an instance. */
export interface SimulatedSpan {
  readonly label: string;
  readonly startMs: number;
  readonly endMs: number;
  /** Counted from 0, as everything here. */
  readonly wave: number;
  /** The slot it takes; of what takes none, one beyond those that there are. */
  readonly slot: number;
  /** It waits for a person, and holds nothing. */
  readonly asks?: true;
  /** It holds up the end: each of these began when the one before had ended. */
  readonly critical: boolean;
  /** What it uses of each resource. */
  readonly holds: { readonly [resource: string]: number };
}

interface Instance {
  readonly u: number;
  readonly k?: number;
  /** Numbers of others. */
  readonly needs: readonly number[];
}

/** Briefs and instances, each with those it waits for. */
export function nodesOf({ units, sets }: UnitGraph, count: (u: number) => number): readonly Instance[] {
  const first: number[] = [];
  let total = 0;
  for (const [u, { kind }] of units.entries()) {
    first.push(total);
    total += kind === 'fan' ? count(u) : 1;
  }
  const all = (u: number): number[] =>
    Array.from({ length: (first[u + 1] ?? total) - first[u]! }, (_, k) => first[u]! + k);
  return units.flatMap(({ kind, needs }, u) => {
    const set = needs === undefined ? {} : sets[needs]!;
    const whole = wholeNeeds(set).flatMap(all);
    return all(u).map((_, k) => ({
      ...(kind === 'fan' ? { u, k } : { u }),
      needs: [...whole, ...(set.each ?? []).flatMap((of) => all(of)[k] ?? [])],
    }));
  });
}

/** What ran, as it is shown. @param nodes all that there are */
export function spansOf(
  { briefs }: Plan,
  graph: UnitGraph,
  spans: readonly Span[],
  nodes: readonly Instance[],
): readonly SimulatedSpan[] {
  const waves = buildWaves(graph);
  const asks = ({ u }: Span): boolean => graph.units[u]!.gate === true;
  const slots = slotsOf(spans, asks, graph.concurrency);
  const nodeAt = new Map(nodes.map((node, n) => [nameOf(node), n]));
  const numbers = spans.map((span) => nodeAt.get(nameOf(span))!);
  const used = (n: number) => (graph.units[spans[n]!.u]!.uses ?? []).map(([c]) => c);
  const critical = holdingUp(
    spans,
    (one, other) => nodes[numbers[one]!]!.needs.includes(numbers[other]!),
    (one, other) => used(one).some((c) => used(other).includes(c)),
  );
  return spans.map(({ u, k, start, end }, n) => ({
    label: k === undefined ? briefs[u]!.id : `${briefs[u]!.id}[${k + 1}]`,
    startMs: start,
    endMs: end,
    wave: waves.findIndex((wave) => wave.includes(u)),
    slot: slots[n]!,
    ...(asks(spans[n]!) && { asks: true }),
    critical: critical.has(n),
    holds: Object.fromEntries(
      (graph.units[u]!.uses ?? []).map(([c, amount]) => [graph.capacities[c]!.name, amount]),
    ),
  }));
}

function slotsOf(
  spans: readonly Span[],
  isBeside: (span: Span) => boolean,
  concurrency: number,
): readonly number[] {
  const slots: number[] = [];
  for (const beside of [false, true]) {
    const numbers = [...spans.keys()].filter((n) => isBeside(spans[n]!) === beside);
    const lanes = lanesOf(numbers.map((n) => spans[n]!));
    for (const [at, n] of numbers.entries()) slots[n] = lanes[at]! + (beside ? concurrency : 0);
  }
  return slots;
}
