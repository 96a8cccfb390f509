import { canonical, type Digest, type Json } from '../outcome/canonical.js';
import type { Content } from '../outcome/rows.js';
import type { Bindings } from './bindings.js';
import { givenTo, inputsAmong } from './given.js';
import { inputOf } from './keys.js';
import { type Brief, isInputFile, type Vote } from './plan.js';
import type { Work } from './render.js';
import type { ToolUse } from './tools.js';

/*
 * What a result was made from, field by field: a result may be used again where every field is the same.
 *  1. The rendered work stands for everything a brief uses of params, needs and items. What is used of a need and came
 *     out the same changes nothing.
 *  2. A file reaches a command by its path only, so files that are named count by their content.
 *  3. A need that is never used makes the brief wait for what it did, not for what it said: it counts by its outcome.
 *  4. What is asked of an output (`output`, `accept`) is no field, but for a model, who is told its schema: a result
 *     used again is held against what is asked today. A judge is one (`more`): nobody is asked twice whether it holds.
 */

/** Hex digits of a field's digest: enough to tell values of one field of one brief apart. */
const DIGITS = 16;

/** @param more digests of what only the worker knows, by field: files read, the module of functions */
export function contentOf(
  brief: Brief,
  work: Work,
  bindings: Bindings,
  more: Content,
  digest: Digest,
): Content {
  const short = (value: Json): string => digest(canonical(value)).slice(0, DIGITS);
  const used = new Set(givenTo(brief).map(({ root }) => root));
  const fields: { [field: string]: Json } = {
    ...inputOf(work),
    ...(brief.parse !== 'text' && { parse: brief.parse }),
    ...(brief.vote && { vote: asked(brief.vote) }),
    ...(brief.perspectives && { perspectives: brief.perspectives.views.map(({ name }) => name) }),
    ...(brief.tools && { tools: called(brief.tools) }),
    ...filesNamed(brief, bindings),
  };
  for (const id of brief.needs) {
    const { status, output } = bindings.needs[id]!;
    if (!used.has(id)) fields[`needs.${id}`] = [status, output];
  }
  return {
    ...Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, short(value)])),
    ...more,
  };
}

/** What decides a vote; whom it asks is in the work, and how many at a time changes nothing. */
const asked = ({ parallel: _, models: __, temperature: ___, ...vote }: Vote): Json => ({ ...vote });

/** What may be called, and how often; how many at a time changes nothing. */
const called = ({ parallel: _, ...tools }: ToolUse): Json => ({ ...tools });

/** One digest for all of it: the key of a result, whatever run or brief it came from. */
export const contentKey = (content: Content, digest: Digest): string => digest(canonical(content));

/** Fields in which two differ, those of `after` first. */
export const differing = (before: Content, after: Content): readonly string[] => [
  ...Object.keys(after).filter((field) => before[field] !== after[field]),
  ...Object.keys(before).filter((field) => !(field in after)),
];

/** The item where it is a file, and the inputs that are used: with the digests of their content. */
function filesNamed(brief: Brief, { inputs, item }: Bindings): { [field: string]: Json } {
  const names = new Set(inputsAmong(givenTo(brief), inputs));
  return {
    ...(item && isInputFile(item.value) && { [item.as]: item.value as unknown as Json }),
    ...Object.fromEntries(
      [...names].map((name) => [`inputs.${name}`, (inputs[name] ?? []) as unknown as Json]),
    ),
  };
}
