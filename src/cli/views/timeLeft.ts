import type { RunView } from '../../core/explain/runView.js';

/** Fewer ended briefs than this say nothing about the others. */
const ENOUGH = 10;

/**
 * Time left, ms, by the pace so far: (total - ended) * spent / ended. Undefined where that would be a guess: a fan
 * that is not expanded yet, a person who is asked, fewer than 10 briefs or than a quarter of them ended, or waves that wait for others.
 */
export function timeLeft({ phase, progress, startedAt }: RunView, now: number): number | undefined {
  if (phase !== 'running' || !progress || progress.unopened > 0 || progress.asking) return undefined;
  const { total, ended, waves } = progress;
  if (ended < ENOUGH || ended * 4 < total || ended === total) return undefined;
  // The pace of this wave says nothing about a later one, unless that is small beside what has ended.
  const later = waves
    .filter(({ waitsFor }) => waitsFor)
    .reduce((sum, wave) => sum + wave.total - wave.ended, 0);
  if (later * 10 > total) return undefined;
  return ((total - ended) * (now - startedAt)) / ended;
}
