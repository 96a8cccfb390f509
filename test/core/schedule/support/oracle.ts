import { buildWaves } from '../../../../src/core/graph/waves.js';
import type { Event } from '../../../../src/core/schedule/state.js';
import { type Conclusion, type Condition, conclude, conditionsOf, type Ended, together } from './conclude.js';
import type { Taken } from './drive.js';
import type { Scenario } from './scenario.js';

/** What should become of everything, worked out by recursion from the needs, with no notion of time. */
export function finalEnds({ graph, needs, expansion, status }: Scenario): Map<string, string> {
  const ends = new Map<string, string>();
  const counted = (n: number, by: Condition['by']): string[] => {
    const whole = unit(n);
    const count = expansion(n);
    if (whole !== 'done' || by !== 'instances' || typeof count !== 'number') return [whole];
    return Array.from({ length: count }, (_, k) => ends.get(`${n}.${k}`)!);
  };
  const unit = (u: number): string => {
    const known = ends.get(`${u}`);
    if (known !== undefined) return known;
    const conditions = conditionsOf(needs[u]!);
    const joined = together(
      conditions.map(({ of, when, by }) =>
        conclude(
          when,
          of.flatMap((n) => counted(n, by)),
        ),
      ),
    );
    let end: string | undefined = joined === 'go' ? undefined : joined;
    if (end === undefined && graph.units[u]!.kind === 'brief') end = status(u);
    if (end === undefined) {
      const to = expansion(u);
      end = typeof to === 'number' ? 'done' : to;
      if (typeof to === 'number') for (let k = 0; k < to; k++) instance(u, k);
    }
    ends.set(`${u}`, end);
    return end;
  };
  const instance = (u: number, k: number): void => {
    const { each = [], eachRule = 'all_success' } = needs[u]!;
    const joined = conclude(
      eachRule,
      each.map((source) => ends.get(`${source}.${k}`)!),
    );
    ends.set(`${u}.${k}`, joined === 'go' ? status(u, k) : joined!);
  };
  for (const u of graph.units.keys()) unit(u);
  return ends;
}

/** Reads a run as an onlooker: from events and commands alone, never from the dispatcher's state. */
export function* watch({ graph, needs }: Scenario, taken: readonly Taken[]): Generator<Moment> {
  const ended = new Map<string, string>();
  const open = new Map<number, number>();
  const running = new Map<string, Node>();
  const started = new Map<string, number>();
  /** Waiting for an answer: neither running nor able to start. */
  const asking = new Set<string>();
  const kindOf = (u: number) => graph.units[u]!.kind;

  const instancesOf = (u: number) => [...Array(open.get(u)).keys()].map((k) => ended.get(`${u}.${k}`));
  const settled = (u: number): boolean =>
    ended.has(`${u}`) || (open.has(u) && !instancesOf(u).includes(undefined));
  const counted = (n: number, by: Condition['by']): Ended[] => {
    if (!open.has(n)) return [ended.get(`${n}`)];
    if (by === 'instances') return instancesOf(n);
    return by === 'opening' || settled(n) ? ['done'] : [undefined];
  };
  const joined = ({ u, k }: Node): Conclusion => {
    if (ended.has(nameOf({ u, k })) || (k === undefined && open.has(u))) return undefined;
    const { each = [], eachRule = 'all_success' } = needs[u]!;
    if (k !== undefined)
      return conclude(
        eachRule,
        each.map((s) => ended.get(`${s}.${k}`)),
      );
    return together(
      conditionsOf(needs[u]!).map(({ of, when, by }) => {
        const unknown = of.some((n) => kindOf(n) === 'fan' && !open.has(n) && !ended.has(`${n}`));
        return conclude(
          when,
          of.flatMap((n) => counted(n, by)),
          unknown,
        );
      }),
    );
  };
  /** Ends that nobody reports: those of dependants that cannot start. */
  const spread = () => {
    for (let changed = true; changed; ) {
      changed = false;
      for (const node of waiting()) {
        const how = joined(node);
        if (how === undefined || how === 'go') continue;
        ended.set(nameOf(node), how);
        changed = true;
      }
    }
  };
  const mayStart = (node: Node): boolean => joined(node) === 'go';
  const usesOf = ({ u, k }: Node) =>
    kindOf(u) === 'fan' && k === undefined ? [] : (graph.units[u]!.uses ?? []);
  const held = () =>
    graph.capacities.map((_, c) => sum([...running.values()].map((n) => amountOf(usesOf(n), c))));
  const isGate = ({ u, k }: Node) =>
    graph.units[u]!.gate === true && (kindOf(u) === 'brief' || k !== undefined);
  const slotsTaken = () => [...running.values()].filter((n) => !isGate(n)).length;
  const fits = (node: Node) => {
    if (isGate(node)) return running.size - slotsTaken() < 10;
    const now = held();
    return (
      slotsTaken() < graph.concurrency &&
      usesOf(node).every(([c, amount]) => now[c]! + amount <= graph.capacities[c]!.capacity)
    );
  };
  const waiting = (): Node[] =>
    [...graph.units.keys()]
      .flatMap((u): Node[] => {
        if (open.has(u)) return [...Array(open.get(u)).keys()].map((k) => ({ u, k }));
        return [{ u }];
      })
      .filter((n) => !ended.has(nameOf(n)) && !running.has(nameOf(n)) && !asking.has(nameOf(n)));

  const waves = buildWaves(graph);
  const waveOf = graph.units.map((_, u) => waves.findIndex((wave) => wave.includes(u)));
  for (const { event, commands } of taken) {
    apply(event);
    spread();
    const gate = waves.findIndex((wave) => !wave.every(settled));
    const gated = (n: Node) => graph.waves === 'rolling' || waveOf[n.u]! <= gate;
    const starts = commands.filter((c) => c.kind === 'start' || c.kind === 'expand');
    const begun: Begun[] = [];
    for (const node of starts as readonly Node[]) {
      const name = nameOf(node);
      begun.push({
        node,
        allowed: mayStart(node) && gated(node),
        before: started.get(name) ?? 0,
        ahead: waiting().filter((n) => nameOf(n) !== name && mayStart(n) && gated(n) && fits(n)),
      });
      started.set(name, (started.get(name) ?? 0) + 1);
      running.set(name, node);
    }
    yield {
      begun,
      running: [...running.values()].filter((n) => !isGate(n)),
      held: held(),
      idleThough: waiting().filter((n) => mayStart(n) && gated(n) && fits(n)),
    };
  }

  function apply(event: Event): void {
    if (event.kind === 'expanded') {
      running.delete(`${event.u}`);
      open.set(event.u, event.count);
    } else if (event.kind === 'asked') {
      running.delete(nameOf(event));
      asking.add(nameOf(event));
    } else if (event.kind === 'answer') {
      asking.delete(nameOf(event));
    } else if (event.kind === 'ended') {
      const name = nameOf(event);
      running.delete(name);
      if (event.status !== 'not-reached') ended.set(name, event.status);
    }
  }
}

export interface Node {
  readonly u: number;
  readonly k?: number | undefined;
}
interface Begun {
  readonly node: Node;
  /** Its needs have ended well, and its wave's turn has come. */
  readonly allowed: boolean;
  /** Starts of the same node before this one. */
  readonly before: number;
  /** Others that could have started in its stead at that very moment. */
  readonly ahead: readonly Node[];
}
/** How things stand after one event and the commands that answered it. */
export interface Moment {
  readonly begun: readonly Begun[];
  /** Without the gates, which take no slot. */
  readonly running: readonly Node[];
  readonly held: readonly number[];
  /** Waiting, with needs met and room for it. */
  readonly idleThough: readonly Node[];
}

export const nameOf = ({ u, k }: Node) => (k === undefined ? `${u}` : `${u}.${k}`);
const amountOf = (uses: readonly (readonly [number, number])[], c: number) =>
  sum(uses.filter(([at]) => at === c).map(([, amount]) => amount));
const sum = (of: readonly number[]) => of.reduce((a, b) => a + b, 0);
