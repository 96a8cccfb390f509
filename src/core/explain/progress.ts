import { nameOf } from '../graph/node.js';
import type { UnitGraph } from '../graph/units.js';
import type { Waves } from '../graph/waves.js';
import { STATUSES, type Status } from '../outcome/outcome.js';
import type { Plan } from '../plan/plan.js';
import { mostTries } from '../plan/retry.js';
import { LETTERS, type Letter } from '../schedule/state.js';

/** How a run stands, as plain data for every face. Times are ms since the epoch. */
export interface RunProgress {
  readonly waves: readonly WaveProgress[];
  /** What runs or is between two tries, longest first. */
  readonly active: readonly ActiveBrief[];
  readonly waiting: readonly { readonly label: string; readonly for: string }[];
  /** Labels of what waits for a person's answer; absent: nothing. */
  readonly asking?: readonly string[];
  /** Briefs and instances that have ended, by status; absent is none. */
  readonly counts: { readonly [S in Status]?: number };
  /** Briefs and instances known by now, and how many of them have ended. */
  readonly total: number;
  readonly ended: number;
  /** Fans not yet expanded: `total` will grow. */
  readonly unopened: number;
}

export interface WaveProgress {
  readonly labels: readonly string[];
  readonly total: number;
  readonly ended: number;
  readonly running: number;
  readonly holes: number;
  /** Waiting for a person's answer; absent: none. */
  readonly asking?: number;
  /** Why nothing of it runs yet. */
  readonly waitsFor?: string;
}

export interface ActiveBrief {
  readonly label: string;
  readonly try: number;
  readonly tries: number;
  readonly since?: number;
  readonly bytes?: number;
  readonly tokens?: number;
  readonly note?: string;
  /** Between two tries: why the last one ended, and when the next begins. */
  readonly failure?: string;
  readonly nextAt?: number;
}

export interface Standing {
  readonly plan: Plan;
  readonly graph: UnitGraph;
  readonly waves: Waves;
  /** Letters, see core/schedule/state. */
  readonly units: string;
  readonly fans: { readonly [u: string]: string };
  /** Keys of the instances of fan `u`. */
  readonly keys: { readonly [u: string]: readonly string[] };
  readonly pending: readonly (Omit<ActiveBrief, 'label' | 'try' | 'tries'> & {
    readonly node: string;
    readonly try?: number;
  })[];
}

export function progressOf(standing: Standing): RunProgress {
  const { plan, units, fans, waves } = standing;
  const lettersOf = (u: number): readonly Letter[] => [...(fans[u] ?? units[u] ?? '.')] as Letter[];
  const all = plan.briefs.flatMap((_, u) => lettersOf(u));
  const counts: { [S in Status]?: number } = {};
  for (const letter of all) {
    const word = LETTERS[letter];
    if (isStatus(word)) counts[word] = (counts[word] ?? 0) + 1;
  }
  const asking = plan.briefs.flatMap((_, u) =>
    lettersOf(u).flatMap((letter, k) =>
      letter === 'w' ? [labelOf(standing, nameOf(fans[u] ? { u, k } : { u }))] : [],
    ),
  );
  return {
    waves: waves.map((wave) => waveProgress(wave, standing, lettersOf)),
    active: standing.pending
      .map(({ node, try: n, ...rest }) => {
        const brief = plan.briefs[Number(node.split('.')[0])]!;
        return { label: labelOf(standing, node), try: n ?? 1, tries: mostTries(brief), ...rest };
      })
      .sort((a, b) => (a.since ?? Infinity) - (b.since ?? Infinity)),
    waiting: plan.briefs.flatMap((brief, u) =>
      units[u] === '.' ? [{ label: brief.id, for: waitsFor(standing, u) }] : [],
    ),
    ...(asking.length > 0 && { asking }),
    counts,
    total: all.length,
    ended: all.filter(hasEnded).length,
    unopened: plan.briefs.filter((brief, u) => brief.forEach && !fans[u] && '.r'.includes(units[u] ?? '.'))
      .length,
  };
}

function waveProgress(
  wave: readonly number[],
  standing: Standing,
  lettersOf: (u: number) => readonly Letter[],
): WaveProgress {
  const letters = wave.flatMap(lettersOf);
  const ended = letters.filter(hasEnded).length;
  const running = letters.filter((letter) => letter === 'r').length;
  const asking = letters.filter((letter) => letter === 'w').length;
  const waiting = wave.find((u) => (standing.units[u] ?? '.') === '.');
  return {
    labels: wave.map((u) => standing.plan.briefs[u]!.id),
    total: letters.length,
    ended,
    running,
    holes: letters.filter((letter) => hasEnded(letter) && !'sSdn'.includes(letter)).length,
    ...(asking > 0 && { asking }),
    ...(running === 0 && waiting !== undefined ? { waitsFor: waitsFor(standing, waiting) } : {}),
  };
}

/** The needs that have not ended; none left: a free place, or what it must hold. */
function waitsFor({ plan, units }: Standing, u: number): string {
  const brief = plan.briefs[u]!;
  const open = brief.needs.filter((id) => {
    const letter = units[plan.briefs.findIndex((other) => other.id === id)] ?? '.';
    return !hasEnded(letter as Letter);
  });
  if (open.length > 0) return open.join(', ');
  const held = Object.keys(brief.uses);
  return held.length > 0 ? `a free place or ${held.join(', ')}` : 'a free place';
}

/** `dig`, or `dig[pricing]` for an instance. */
export function labelOf({ plan, keys }: Pick<Standing, 'plan' | 'keys'>, node: string): string {
  const [u, k] = node.split('.');
  const { id } = plan.briefs[Number(u)]!;
  return k === undefined ? id : `${id}[${keys[Number(u)]?.[Number(k)] ?? Number(k) + 1}]`;
}

const isStatus = (word: string): word is Status => (STATUSES as readonly string[]).includes(word);
const hasEnded = (letter: Letter): boolean => letter === 'd' || isStatus(LETTERS[letter]);
