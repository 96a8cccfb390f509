import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { simulate } from '../../../src/core/schedule/simulate.js';
import { sketch } from './support/graphs.js';

describe('a simulation', () => {
  it('ends when the longest path does, where there is room for all', () => {
    const graph = sketch([{ ms: 5 }, { ms: 3 }, { success: [0], ms: 4 }, { success: [1], ms: 1 }]);
    const { makespan, spans } = simulate(graph, (u) => [5, 3, 4, 1][u]!);
    expect(makespan).toBe(9);
    expect(spans).toContainEqual({ u: 2, start: 5, end: 9 });
  });

  it('tells the most that was held of each capacity', () => {
    const graph = sketch([{ uses: { a: 2 } }, { uses: { a: 1, b: 1 } }, { uses: { b: 1 } }], {
      capacity: { a: 4, b: 1 },
    });
    expect(simulate(graph, () => 10)).toMatchObject({ peaks: [3, 1], makespan: 20 });
  });

  it('gives every instance of a fan its own time, as many as are said', () => {
    const graph = sketch([{ kind: 'fan' }, { done: [0] }], { concurrency: 2 });
    const { makespan, spans } = simulate(graph, (_, k) => (k === undefined ? 1 : 10), { count: () => 3 });
    expect([makespan, spans.length]).toEqual([21, 4]);
  });

  it('has a gate hold nothing while it is asked, for as long as it is said to take', () => {
    const graph = sketch([{ gate: true }, { ms: 4 }, { success: [0] }], { concurrency: 1 });
    const { makespan, spans } = simulate(graph, (u) => [10, 4, 1][u]!);
    expect(makespan).toBe(11);
    expect(spans).toEqual([
      { u: 1, start: 0, end: 4 },
      { u: 0, start: 0, end: 10 },
      { u: 2, start: 10, end: 11 },
    ]);
  });

  it('skips what a failure skips', () => {
    const graph = sketch([{}, { success: [0] }]);
    expect(simulate(graph, () => 7, { status: () => 'failed' })).toMatchObject({
      makespan: 7,
      spans: [{ u: 0 }],
    });
  });
});

interface Task {
  readonly id: string;
  readonly deps: readonly string[];
  readonly durationMs?: number;
  readonly durationUnits?: number;
  readonly resources?: { readonly [name: string]: number };
}
interface Instance {
  readonly tasks: readonly Task[];
  readonly capacity?: { readonly [name: string]: number };
}
type Reference = { readonly criticalPath: number; readonly [P: string]: number | { readonly cp: number } };

const data = process.env.MUSTER_DATA ?? '';
const given = existsSync(join(data, 'reference.json'));
const names = (family: string) =>
  readdirSync(join(data, family)).map((file) => `${family}/${file.replace('.json', '')}`);
const read = <T>(name: string) => JSON.parse(readFileSync(join(data, `${name}.json`), 'utf8')) as T;

function makespan(name: string, concurrency: number): number {
  const { tasks, capacity = {} } = read<Instance>(name);
  const at = new Map(tasks.map(({ id }, u) => [id, u]));
  // The reference counts a workflow task that took no time as one millisecond.
  const ms = tasks.map(({ durationMs, durationUnits }) => durationUnits ?? Math.max(1, durationMs ?? 1));
  const graph = sketch(
    tasks.map(({ deps, resources = {} }, u) => ({
      success: deps.map((id) => at.get(id)!),
      ms: ms[u]!,
      uses: resources,
    })),
    { concurrency, capacity },
  );
  return simulate(graph, (u) => ms[u]!).makespan;
}

const elsewhere = () => {
  const reference = read<{ readonly [name: string]: Reference }>('reference');
  const cp = (name: string, P: number) => (reference[name]![P] as { readonly cp: number }).cp;

  it.each(names('wf'))('%s: with slots for all, the critical path', (name) => {
    expect(makespan(name, 1_000_000)).toBe(reference[name]!.criticalPath);
  });

  it.each(names('wf'))('%s: with 16 slots, what critical-path dispatch reaches, within 3 percent', (name) => {
    expect(Math.abs(makespan(name, 16) / cp(name, 16) - 1)).toBeLessThan(0.03);
  });

  it('scarce resources cost on average no more than 3 % over what critical-path dispatch reaches there', () => {
    const all = [...names('rcpsp'), ...names('jssp')];
    const over = all.map(
      (name) => makespan(name, 1_000_000) / (reference[name] as { cpDispatch?: number }).cpDispatch!,
    );
    expect(over.reduce((a, b) => a + b, 0) / all.length).toBeLessThan(1.03);
  });
};

if (given) describe('on plans and problems from elsewhere (MUSTER_DATA)', elsewhere);
else console.log('MUSTER_DATA is not set: 18 workflow DAGs and 28 scheduling problems were not compared.');
