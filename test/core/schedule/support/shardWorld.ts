import { bare, nodeNamed } from '../../../../src/core/graph/node.js';
import { duesOf, type UnitGraph } from '../../../../src/core/graph/units.js';
import type { Status } from '../../../../src/core/outcome/outcome.js';
import { clausesOf } from '../../../../src/core/schedule/joins.js';
import { graphOf, ShardBook, stateOf } from '../../../../src/core/schedule/shardBook.js';
import {
  type Command,
  type Event,
  initialState,
  type Reported,
  type State,
} from '../../../../src/core/schedule/state.js';
import { resumed, step } from '../../../../src/core/schedule/step.js';
import type { Scenario } from './scenario.js';

/** What is carried out, by name, and what each of them holds. */
interface Going {
  readonly u: number;
  readonly k?: number;
  readonly dispatch: number;
  /** How often it was asked for once more. */
  readonly again?: number;
  readonly end: (status: Status) => void;
}
interface Child {
  readonly u: number;
  readonly k: number;
  readonly letters: string;
  state: State;
  readonly graph: UnitGraph;
  readonly book: ShardBook;
  /** Messages on their way to it, in order. */
  readonly inbox: (Command & { kind: 'lend' | 'pass' | 'inquire' })[];
  over: boolean;
}

export interface World {
  readonly state: State;
  /** Everything that began, in order. */
  readonly begun: readonly string[];
  readonly wrong: readonly string[];
  readonly shards: number;
  /** Verdicts of time that were held against what had ended. */
  readonly judged: number;
  readonly steps: number;
}

const MOST_STEPS = 20_000;

/**
 * A run and its shards, with messages between them that take their time: each comes whole and in order of those between
 * the same two, and nothing else is certain. What holds is looked at where it is carried out.
 */
export function shardWorld(
  {
    graph,
    expansion,
    status,
    draw,
  }: Pick<Scenario, 'graph' | 'status' | 'draw'> & {
    readonly expansion: (
      u: number,
    ) => ReturnType<Scenario['expansion']> | { readonly count: number; readonly first?: number | undefined };
  },
  {
    said = () => undefined,
    limited = true,
    timed = false,
  }: {
    /** What people say, now and then. */
    readonly said?: (state: State) => Event | undefined;
    /** Whether the limit stays what it is, so that it can be held against what runs. */
    readonly limited?: boolean;
    /** Whether times come that somebody waits for; what is judged then is held against what had ended. */
    readonly timed?: boolean;
  } = {},
): World {
  const wrong: string[] = [];
  const begun: string[] = [];
  const ended = new Map<string, Status>();
  const dues = timed ? [...duesOf(graph)] : [];
  /** How many had delivered of each clause that counts them, when its time was up: by `s.c`. */
  const deliveredBy = new Map<string, number>();
  let judged = 0;
  const known = new Map<string, { readonly dispatch: number; readonly again: number }>();
  const going = new Map<string, Going>();
  const children = new Map<string, Child>();
  const outbox: { readonly child: Child; readonly report: Reported }[] = [];
  let state = initialState(graph);
  let closed: 'finish' | 'continue' | undefined;
  let shards = 0;

  const usesOf = (u: number, k?: number) =>
    graph.units[u]!.kind === 'fan' && k === undefined ? [] : (graph.units[u]!.uses ?? []);
  function begin(node: Going): void {
    const name = node.k === undefined ? `${node.u}` : `${node.u}.${node.k}`;
    if (going.has(name)) wrong.push(`${name} runs twice`);
    const { dispatch, again = 0 } = node;
    const last = known.get(name) ?? { dispatch: 0, again: -1 };
    if (dispatch <= last.dispatch) wrong.push(`${name} has dispatch ${dispatch} again`);
    // What a condition of its own found not needed is asked anew once something it waited for is.
    const mayChange = ended.get(name) === 'not-needed' && state.again !== undefined;
    if (ended.has(name) && again <= last.again && !mayChange)
      wrong.push(`${name} starts again, and nobody asked for it`);
    known.set(name, { dispatch, again });
    ended.delete(name);
    going.set(name, node);
    begun.push(name);
    if (limited && going.size > graph.concurrency) wrong.push(`${going.size} at once with ${name}`);
    for (const [c, { capacity }] of graph.capacities.entries()) {
      const held = [...going.values()].reduce(
        (sum, { u, k }) => sum + (usesOf(u, k).find(([at]) => at === c)?.[1] ?? 0),
        0,
      );
      if (held > capacity) wrong.push(`${held} of ${graph.capacities[c]!.name} with ${name}`);
    }
  }

  function tell(...events: readonly Event[]): void {
    const next = step(
      graph,
      draw(100) < 15 ? (JSON.parse(JSON.stringify(state)) as State) : state,
      ...events,
    );
    const before = state.said ?? {};
    state = next.state;
    for (const name of Object.keys(state.said ?? {})) if (!(name in before)) holdAgainst(name);
    for (const command of next.commands) obey(command);
  }

  /** Of what clause `s.c` waits for. */
  function delivered(name: string): number {
    const [s, c] = name.split('.').map(Number);
    const of = graph.sets[s!]!.clauses![c!]!.of;
    const names = of.flatMap((u) => {
      const width = state.fans[u]?.length;
      if (graph.units[u]!.kind === 'brief') return [`${u}`];
      return [...Array(width ?? 0).keys()].map((k) => `${u}.${k}`);
    });
    return names.filter((one) => ['succeeded', 'repaired'].includes(ended.get(one) ?? '')).length;
  }

  /** What time brought about: as many as had delivered by then decide, or some that have since. */
  function holdAgainst(clause: string): void {
    const [s, c] = clause.split('.').map(Number);
    // Those that stand before the ones of `clauses` go by no time.
    const offset = clausesOf(graph.sets[s!]!).length - graph.sets[s!]!.clauses!.length;
    const name = `${s}.${c! - offset}`;
    const { when } = graph.sets[s!]!.clauses![c! - offset]!;
    const by = deliveredBy.get(name);
    if (typeof when !== 'number' || when < 1 || by === undefined) return;
    judged++;
    const starts = state.said![clause] === 'starts';
    if (by >= when && !starts) wrong.push(`${by} of ${when} had delivered, and ${name} does not start`);
    if (starts && delivered(name) < when) wrong.push(`${name} starts without ${when}`);
  }

  function timeIsUp(): void {
    const ms = dues.shift()!;
    for (const [s, { clauses = [] }] of graph.sets.entries())
      for (const [c, { byMs }] of clauses.entries())
        if (byMs === ms) deliveredBy.set(`${s}.${c}`, delivered(`${s}.${c}`));
    tell({ kind: 'due', ms });
  }

  function obey(command: Command): void {
    switch (command.kind) {
      case 'expand': {
        const { u, kind: _, ...dispatched } = command;
        const to = expansion(u);
        begin({
          u,
          ...dispatched,
          end: () => {
            if (typeof to === 'string') {
              ended.set(`${u}`, to);
              tell({ kind: 'ended', u, status: to });
            } else tell({ kind: 'expanded', u, ...(typeof to === 'number' ? { count: to } : to) });
          },
        });
        return;
      }
      case 'start': {
        const node = bare(command);
        const { kind: _, ...dispatched } = command;
        begin({ ...dispatched, end: (status) => tell({ kind: 'ended', ...node, status }) });
        return;
      }
      case 'shard': {
        const { u, k, slots, letters } = command;
        shards++;
        const shardGraph = graphOf(graph.units[u]!, slots);
        const child: Child = {
          ...{ u, k, letters, graph: shardGraph, state: stateOf(shardGraph, command) },
          ...{ book: new ShardBook(letters, slots), inbox: [], over: false },
        };
        if (children.has(`${u}.${k}`)) wrong.push(`shard ${u}.${k} begins twice`);
        children.set(`${u}.${k}`, child);
        tellChild(child, { kind: 'begin' });
        return;
      }
      case 'lend':
      case 'pass':
      case 'inquire':
        children.get(`${command.u}.${command.k}`)?.inbox.push(command);
        return;
      case 'recall': {
        const { node } = command;
        if (!node || (node.k !== undefined && state.shards?.[node.u]))
          for (const child of children.values())
            if (!node || (child.u === node.u && child.k === node.k)) tellChild(child, { kind: 'cancel' });
        return;
      }
      case 'finish':
      case 'continue':
        if (going.size > 0) wrong.push(`${command.kind} while ${[...going.keys()].join()} runs`);
        if (children.size > 0) wrong.push(`${command.kind} while shards run`);
        closed = command.kind;
    }
  }

  function tellChild(child: Child, ...events: readonly Event[]): void {
    if (child.over) return;
    const next = step(child.graph, child.state, ...events);
    child.state = next.state;
    for (const command of next.commands) {
      if (command.kind === 'start') {
        const { kind: _, k, ...dispatched } = command;
        const at = k!;
        begin({
          ...dispatched,
          ...{ u: child.u, k: child.k + at },
          end: (status) => tellChild(child, { kind: 'ended', u: 0, k: at, status }),
        });
      } else if (command.kind === 'finish' || command.kind === 'continue') {
        child.over = true;
        outbox.push({ child, report: { ...child.book.report(child.state), over: true } });
        return;
      }
    }
    const limit = child.book.settle(child.state);
    if (limit !== undefined) tellChild(child, { kind: 'concurrency', limit });
  }

  function childHears(child: Child): void {
    const message = child.inbox.shift()!;
    if (message.kind === 'lend')
      tellChild(child, { kind: 'concurrency', limit: child.book.lend(message.slots) });
    else if (message.kind === 'inquire') child.book.inquire(message.ms);
    else {
      child.book.adopt(message.said.k!);
      tellChild(child, message.said);
    }
  }

  function runHears(): void {
    const first = new Set<Child>();
    // In order for each, in any between them.
    const heads = outbox.filter(({ child }) => !first.has(child) && first.add(child));
    const { child, report } = heads[draw(heads.length)]!;
    outbox.splice(outbox.indexOf(heads.find((one) => one.child === child)!), 1);
    if (report.over) children.delete(`${child.u}.${child.k}`);
    tell({ kind: 'reported', u: child.u, k: child.k, ...report });
  }

  /** Whatever somebody asked for once more, and nothing has kept from beginning since, has begun once more. */
  function checkRetries(): void {
    for (const [name, times] of Object.entries(state.again ?? {})) {
      const { u, k } = nodeNamed(name);
      const letter = k === undefined ? state.units[u]! : state.fans[u]![k]!;
      if (!'kcn'.includes(letter) && known.get(name)?.again !== times)
        wrong.push(`${name} was asked for ${times} times, and not begun as often`);
    }
  }

  tell({ kind: 'begin' });
  let steps = 0;
  for (; closed !== 'finish' && wrong.length === 0; steps++) {
    if (steps > MOST_STEPS) return { state, begun, wrong: ['it comes to no end'], shards, judged, steps };
    if (closed === 'continue') {
      closed = undefined;
      state = resumed(state);
      tell({ kind: 'begin' });
      continue;
    }
    const asked = said(state);
    if (asked) {
      tell(asked);
      continue;
    }
    const listening = [...children.values()].filter(({ inbox, over }) => inbox.length > 0 && !over);
    const telling = [...children.values()].filter(({ book, state, over }) => !over && book.hasNews(state));
    const moves: (() => void)[] = [];
    if (listening.length > 0) moves.push(() => childHears(listening[draw(listening.length)]!));
    if (telling.length > 0)
      moves.push(() => {
        const child = telling[draw(telling.length)]!;
        outbox.push({ child, report: child.book.report(child.state) });
      });
    if (outbox.length > 0) moves.push(runHears);
    if (dues.length > 0 && draw(8) === 0) moves.push(timeIsUp);
    if (going.size > 0)
      moves.push(() => {
        const [name, node] = [...going][draw(going.size)]!;
        going.delete(name);
        const how = draw(100) < 5 ? 'not-reached' : status(node.u, node.k);
        if (how !== 'not-reached') ended.set(name, how);
        node.end(how);
      });
    if (moves.length === 0) {
      if (dues.length > 0) timeIsUp();
      else if (state.paused) tell({ kind: 'resume' });
      else wrong.push('nothing moves, and it is not finished');
      continue;
    }
    moves[draw(moves.length)]!();
  }
  if (state.stopping === undefined) checkRetries();
  return { state, begun, wrong, shards, judged, steps };
}
