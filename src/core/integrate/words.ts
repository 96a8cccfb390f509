import { canonical, type Json } from '../outcome/canonical.js';
import type { Anew } from '../outcome/rows.js';

/** Names at most this many of a list in a sentence; data keeps them all. */
const NAMED = 10;
const LONGEST = 200;

/** `a, b, c and 12 more`. */
export const listed = (texts: readonly string[]): string =>
  texts.length <= NAMED
    ? texts.join(', ')
    : `${texts.slice(0, NAMED).join(', ')} and ${texts.length - NAMED} more`;

/** A value as a few words: text as it is, anything else as compact JSON, cut with a mark. */
export function inWords(value: Json): string {
  return cut(typeof value === 'string' ? value : canonical(value), LONGEST);
}

/** Cut between characters, and saying so. */
export function cut(text: string, longest: number): string {
  if (text.length <= longest) return text;
  return `${[...text.slice(0, longest)].slice(0, -1).join('')}…`;
}

/** `1 item`, `2 items`. */
export const counted = (n: number, noun: string): string =>
  `${n.toLocaleString('en-US')} ${noun}${n === 1 ? '' : 's'}`;

/** `12 B`, `3.4 KB`, `1.2 MB`. */
export function bytes(size: number): string {
  if (size < 1_000) return `${size} B`;
  return size < 1_000_000 ? `${(size / 1_000).toFixed(1)} KB` : `${(size / 1_000_000).toFixed(1)} MB`;
}

/** `250 ms`, `12.3 s`, `22m 40s`, `5h 51m`. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}h ${minutes}m` : `${minutes}m ${seconds % 60}s`;
}

/** Why a result was not used again, in few words. */
export function anewInWords(anew: Anew): string {
  switch (anew.because) {
    case 'new':
      return 'not in that run';
    case 'bad':
      return 'marked bad';
    case 'fallback':
      return 'delivered by its fallback there';
    case 'not-done':
      return anew.status ? `${anew.status} there` : 'not carried out there';
    case 'changed':
      return `changed: ${listed(anew.fields)}`;
    case 'unfit':
      return 'not what is asked of it today';
  }
}

/** How often each text is there, in order of first appearance. */
export function timesOf(texts: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}

/** How often each text is there, most often first. */
export const tallyOf = (texts: readonly string[]): ReadonlyMap<string, number> =>
  new Map([...timesOf(texts)].sort(([, a], [, b]) => b - a));
