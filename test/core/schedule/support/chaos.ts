import { nodeNamed } from '../../../../src/core/graph/node.js';
import { duesOf } from '../../../../src/core/graph/units.js';
import type { Status } from '../../../../src/core/outcome/outcome.js';
import { type Command, type Event, initialState, type State } from '../../../../src/core/schedule/state.js';
import { Onlooker } from './onlooker.js';
import { type Node, nameOf } from './oracle.js';
import type { Scenario } from './scenario.js';

export interface Dispatcher {
  readonly step: (
    graph: Scenario['graph'],
    state: State,
    ...events: readonly Event[]
  ) => { readonly state: State; readonly commands: readonly Command[] };
  readonly resumed: (state: State) => State;
}

export interface Chaos {
  /** Events that were told. */
  readonly events: number;
  readonly wrong: readonly string[];
}

/** More steps than any run of these sizes takes; whoever needs them goes round in circles. */
const MOST_STEPS = 5_000;
const ENDS: readonly Status[] = [
  'succeeded',
  'succeeded',
  'succeeded',
  'repaired',
  'failed',
  'missing',
  'partial',
  'not-needed',
  'cancelled',
  'over-budget',
];

/**
 * One run under a world that crashes, loses, repeats and reorders: what is in flight ends in any order or is handed back,
 * events come alone or together, some twice; the dispatcher forgets all but its state whenever it pleases, continues as
 * new, and people say what comes to their mind. Up to the first thing that is wrong.
 */
export function chaos(
  { graph, needs, expansion, status, draw }: Scenario,
  { step, resumed }: Dispatcher,
): Chaos {
  const onlooker = new Onlooker({ graph, needs, expansion, status, draw });
  const chance = (percent: number) => draw(100) < percent;
  const pick = <T>(of: readonly T[]): T => of[draw(of.length)]!;
  const dues = [...duesOf(graph)];
  const past: Event[] = [];
  let state = initialState(graph);
  let told = 0;
  let asked = 0;
  /** Started with an answer. */
  const answered = new Set<string>();

  const tell = (...events: readonly Event[]): boolean => {
    // A crash: what was not in the state is gone.
    const next = step(graph, chance(15) ? (JSON.parse(JSON.stringify(state)) as State) : state, ...events);
    told += events.length;
    past.push(...events);
    state = next.state;
    onlooker.see(events, next.commands);
    for (const command of next.commands)
      if (command.kind === 'start') answered[command.answer ? 'add' : 'delete'](nameOf(command));
    return next.commands.some(({ kind }) => kind === 'continue');
  };
  const anywhere = (): Node => {
    const u = draw(graph.units.length);
    const width = state.fans[u]?.length ?? 0;
    return width > 0 && chance(70) ? { u, k: draw(width) } : { u };
  };
  const endOf = (node: Node): Event => {
    const { u, k } = node;
    if (chance(6)) return { kind: 'ended', ...node, status: 'not-reached' };
    if (onlooker.isRecalled(node) && chance(80)) return { kind: 'ended', ...node, status: 'cancelled' };
    if (graph.units[u]!.kind === 'fan' && k === undefined) {
      const to = expansion(u);
      return typeof to === 'number' ? { kind: 'expanded', u, count: to } : { kind: 'ended', u, status: to };
    }
    if (graph.units[u]!.gate && !answered.has(nameOf(node)) && chance(85))
      return { kind: 'asked', ...node, question: { digest: `d${asked++ % 3}`, since: told } };
    // Another time it may come out differently.
    return {
      kind: 'ended',
      ...node,
      status: (state.again?.[nameOf(node)] ?? 0) > 0 ? pick(ENDS) : status(u, k),
    };
  };
  /** To what is asked there, or was once. */
  const answerTo = ([name, digest]: readonly [string, string]): Event => ({
    kind: 'answer',
    ...nodeNamed(name),
    answer: {
      verdict: pick(['approved', 'approved', 'rejected', 'expired']),
      digest: chance(80) ? digest : 'another',
      ...(chance(30) && { note: `no ${told}` }),
    },
  });
  const said = (): Event => {
    const { u, k } = anywhere();
    const node = k === undefined ? { u } : { u, k };
    return pick<Event>([
      { kind: 'pause' },
      { kind: 'resume' },
      { kind: 'resume' },
      { kind: 'concurrency', limit: 1 + draw(8) },
      { kind: 'skip', ...node },
      { kind: 'retry', ...node },
      { kind: 'retry', ...node },
      { kind: 'retry', ...node },
    ]);
  };
  const happens = (): Event => {
    const { inFlight } = onlooker;
    if (dues.length > 0 && chance(4)) return { kind: 'due', ms: dues.shift()! };
    if (chance(12)) return said();
    const { unanswered } = onlooker;
    if (unanswered.length > 0 && (chance(15) || (inFlight.length === 0 && chance(60))))
      return answerTo(pick(unanswered));
    if (chance(2)) return { kind: 'drain' };
    if (draw(1000) < 3) return pick<Event>([{ kind: 'cancel' }, { kind: 'deadline' }]);
    // Repeated, or about nothing that runs.
    if (chance(4)) return stale();
    if (inFlight.length > 0) return endOf(pick(inFlight));
    return dues.length > 0 && chance(50) ? { kind: 'due', ms: dues.shift()! } : { kind: 'resume' };
  };
  const stale = (): Event => {
    const old = past.length > 0 ? pick(past) : ({ kind: 'begin' } as const);
    if (old.kind === 'answer' && !onlooker.unanswered.some(([name]) => name === nameOf(old))) return old;
    if (old.kind !== 'ended' && old.kind !== 'expanded' && old.kind !== 'asked') return { kind: 'begin' };
    return onlooker.inFlight.some((node) => nameOf(node) === nameOf(old)) ? { kind: 'begin' } : old;
  };

  let again = tell({ kind: 'begin' });
  for (let steps = 0; !onlooker.closed && onlooker.wrong.length === 0; steps++) {
    if (steps > MOST_STEPS) return { events: told, wrong: ['it comes to no end'] };
    if (again) {
      state = resumed(state);
      again = tell({ kind: 'begin' });
      continue;
    }
    const events = [happens()];
    // Those of one moment are about different things.
    while (chance(25)) {
      const more = happens();
      const about = (event: Event) => ('u' in event ? nameOf(event) : event.kind);
      if (events.every((event) => about(event) !== about(more))) events.push(more);
    }
    again = tell(...events);
  }
  if (onlooker.wrong.length === 0) {
    // After the end nothing moves it.
    tell({ kind: 'resume' }, stale());
    const letters = [...state.units, ...Object.values(state.fans).join('')];
    if (state.stopping === undefined && letters.some((letter) => '.r*w'.includes(letter)))
      return { events: told, wrong: ['something has come to no end'] };
    const differs = disagreement(state, onlooker);
    if (differs !== undefined) return { events: told, wrong: [differs] };
  }
  return { events: told, wrong: onlooker.wrong };
}

const WORDS: { readonly [letter: string]: string } = {
  s: 'succeeded',
  S: 'repaired',
  p: 'partial',
  f: 'failed',
  m: 'missing',
  k: 'skipped',
  n: 'not-needed',
  c: 'cancelled',
  b: 'over-budget',
  x: 'refused',
};
/** Both say of everything how it ended. */
function disagreement(state: State, onlooker: Onlooker): string | undefined {
  const nodes = [...state.units].flatMap((letter, u): (readonly [string, string])[] =>
    state.fans[u] === undefined
      ? [[`${u}`, letter] as const]
      : [...state.fans[u]].map((one, k) => [`${u}.${k}`, one] as const),
  );
  return nodes
    .filter(([name, letter]) => WORDS[letter] !== onlooker.end(name))
    .map(([name, letter]) => `${name} is ${letter}, and was ${onlooker.end(name)}`)[0];
}
