import type { Status } from '../outcome/outcome.js';
import type { ActiveBrief, RunProgress } from './progress.js';
import type { RunView } from './runView.js';

/** What happened to a run between two views of it. */
export type Change =
  | { readonly event: 'phase'; readonly phase: RunView['phase'] }
  | { readonly event: 'no-worker' }
  | {
      readonly event: 'wave-began' | 'wave-ended';
      readonly wave: number;
      readonly briefs: readonly string[];
      readonly total: number;
      readonly holes: number;
    }
  | { readonly event: 'brief-began'; readonly brief: string; readonly try: number; readonly tries: number }
  | {
      readonly event: 'brief-retries';
      readonly brief: string;
      readonly try: number;
      readonly tries: number;
      readonly why: string;
      readonly nextAt: number;
    }
  /** It waits for a person's answer. */
  | { readonly event: 'gate-asks'; readonly run: string; readonly brief: string }
  | {
      readonly event: 'counts';
      readonly ended: number;
      readonly total: number;
      readonly counts: { readonly [S in Status]?: number };
    };

/** What is new in `after`. A brief that began and ended between the two shows in the counts only. */
export function changesBetween(before: RunView | undefined, after: RunView): readonly Change[] {
  const phase: Change[] = before?.phase === after.phase ? [] : [{ event: 'phase', phase: after.phase }];
  if (!after.progress) return phase;
  const within = [
    ...waveChanges(before?.progress, after.progress),
    ...briefChanges(before?.progress, after.progress),
    ...gateChanges(before?.progress, after.progress, after.id),
    ...countChanges(before?.progress, after.progress),
  ];
  return UNDER_WAY.has(after.phase) ? [...phase, ...within] : [...within, ...phase];
}

/** Phases in which briefs begin and end; what is new in any other happened before it came. */
const UNDER_WAY: ReadonlySet<RunView['phase']> = new Set(['compiling', 'running', 'stopping']);

function waveChanges(before: RunProgress | undefined, { waves }: RunProgress): Change[] {
  return waves.flatMap(({ labels, total, ended, running, holes, asking = 0 }, i): Change[] => {
    const was = before?.waves[i];
    const wave = { wave: i + 1, briefs: labels, total, holes };
    const had = {
      begun: was !== undefined && was.ended + was.running + (was.asking ?? 0) > 0,
      ended: was !== undefined && was.ended === was.total,
    };
    return [
      ...(!had.begun && ended + running + asking > 0 ? [{ event: 'wave-began' as const, ...wave }] : []),
      ...(!had.ended && ended === total ? [{ event: 'wave-ended' as const, ...wave }] : []),
    ];
  });
}

function briefChanges(before: RunProgress | undefined, { active }: RunProgress): Change[] {
  const earlier = new Map(before?.active.map((brief) => [brief.label, brief]));
  return active.flatMap((brief): Change[] => {
    const { label, tries, nextAt, failure } = brief;
    const was = earlier.get(label);
    const tried = { brief: label, try: tryOf(brief), tries };
    if (nextAt === undefined) {
      // After a wait it is the next try, which its first heartbeat will say.
      const known = was !== undefined && tryOf(was) === tryOf(brief);
      return known ? [] : [{ event: 'brief-began', ...tried }];
    }
    if (was?.nextAt === nextAt) return [];
    const why = failure ?? 'the last try failed';
    return [{ event: 'brief-retries', ...tried, why, nextAt }];
  });
}

function gateChanges(before: RunProgress | undefined, { asking = [] }: RunProgress, run: string): Change[] {
  const known = new Set(before?.asking);
  return asking.flatMap((brief) => (known.has(brief) ? [] : [{ event: 'gate-asks', run, brief }]));
}

/** Before its first heartbeat a brief has not said which try it makes. */
const tryOf = (brief: ActiveBrief): number => Math.max(1, brief.try);

function countChanges(before: RunProgress | undefined, { ended, total, counts }: RunProgress): Change[] {
  const same = before === undefined ? ended === 0 : before.ended === ended && before.total === total;
  return same ? [] : [{ event: 'counts', ended, total, counts }];
}
