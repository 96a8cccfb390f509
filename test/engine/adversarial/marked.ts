import type { Json } from '../../../src/core/outcome/canonical.js';
import type { Body } from './endpoint.js';

const MARKED = /<<< data ([0-9a-f]{16}): [^\n]*\n[\s\S]*?\n\1 >>>/g;
/** What a judge is tried with: at most five words of the work in a row, letters and digits alone. */
const TRIAL = /^[abcd]: The work has these words: [\p{L}\p{N}]+(?: [\p{L}\p{N}]+){0,4}$/gmu;
/** Shorter ones stand in any text. */
const SHORTEST = 4;

/**
 * Texts of outputs that a model is shown elsewhere than between data marks. What it said itself, and is shown again, is
 * not held against it.
 */
export function shownUnmarked({ messages }: Body, outputs: readonly Json[]): readonly string[] {
  const bare = messages
    .filter(({ role }) => role !== 'assistant')
    .map(({ content }) => content.replace(MARKED, '').replace(TRIAL, ''))
    .join('\n');
  return textsIn(outputs).filter((text) => text.length >= SHORTEST && bare.includes(text));
}

function textsIn(value: Json): readonly string[] {
  if (typeof value === 'string') return [value];
  if (value === null || typeof value !== 'object') return [];
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap(textsIn);
  return Object.entries(value).flatMap(([name, one]) => [
    ...(name.length > 20 ? [name] : []),
    ...textsIn(one),
  ]);
}
