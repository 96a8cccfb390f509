import { canonical, type Json, type JsonObject } from '../outcome/canonical.js';
import type { Merge } from '../plan/integration.js';
import { validator } from '../plan/validate.js';
import { packed } from './packed.js';
import type { Question, Reply } from './question.js';

/*
 * Items brought together by a function of the user's.
 *  1. It is given so many at a time, in their order, and what it made of them again, until one call has seen all.
 *  2. Of every value it names the items that it made it from. So code knows who said it, and what is in none of them is
 *     listed as dropped: nothing is lost unseen.
 *  3. What it gives that is not as asked is no result; the items then stay as they were said, and the report says why.
 */

/** What a function made, and the numbers of the items that are in it. */
export interface Made {
  readonly value: Json;
  readonly from: readonly number[];
}

export type Reduction = { readonly made: readonly Made[] } | { readonly failure: string };

/** Bytes, as canonical JSON, of what one call is given; one item may be larger. */
const MOST = 1_000_000;

/** What a function returns. */
const RESULT: JsonObject = {
  type: 'array',
  items: {
    type: 'object',
    properties: { value: {}, from: { type: 'array', items: { type: 'integer', minimum: 0 }, minItems: 1 } },
    required: ['value', 'from'],
    additionalProperties: false,
  },
};
const fitting = validator(RESULT);

/**
 * Calls the function of a collection until all is one.
 * @param ask the replies in the order of the questions
 * @param most bytes of what one call is given
 */
export async function reduced(
  entry: Merge & { readonly reduce: string },
  said: readonly { readonly value: Json; readonly by: string }[],
  ask: (questions: readonly Question[]) => Promise<readonly Reply[]>,
  most = MOST,
): Promise<Reduction> {
  let level: readonly Node[] = said.map(({ value, by }, n) => ({ value, from: [n], by: [by] }));
  while (level.length > 0) {
    const nodes = packed(level, ({ value }) => canonical(value).length, most);
    const replies = await ask(nodes.map((node) => questionOf(entry, node)));
    const failed = replies.find((reply) => 'failure' in reply);
    if (failed && 'failure' in failed) return { failure: failed.failure.message };
    const made = nodes.flatMap((node, n) => composed(node, (replies[n] as { value: Json }).value));
    if (nodes.length === 1) return { made };
    if (sizeOf(made) >= sizeOf(level))
      return {
        failure: `\`${entry.reduce}\` makes of ${sizeOf(level).toLocaleString('en')} bytes no less, so that they never come together.`,
      };
    level = made;
  }
  return { made: [] };
}

interface Node extends Made {
  readonly by: readonly string[];
}

const sizeOf = (all: readonly Made[]): number =>
  all.reduce((sum, { value }) => sum + canonical(value).length, 0);

function questionOf({ name, reduce }: Merge & { readonly reduce: string }, node: readonly Node[]): Question {
  const input = { collection: name, items: node.map(({ value, by }) => ({ value, by })) };
  const beyond = (value: Json): string[] =>
    (value as unknown as readonly Made[])
      .flatMap(({ from }) => from.filter((n) => n >= node.length))
      .map((n) => `it names item ${n}, and was given ${node.length}`);
  return {
    label: `\`${reduce}\`, which brings \`${name}\` together,`,
    work: { kind: 'call', name: reduce, input, brief: { id: 'i' } },
    wrong: (value) => {
      const wrong = fitting(value);
      return wrong.length > 0 ? wrong : beyond(value);
    },
  };
}

const composed = (node: readonly Node[], result: Json): Node[] =>
  (result as unknown as readonly Made[]).map(({ value, from }) => ({
    value,
    from: [...new Set(from.flatMap((n) => node[n]!.from))].sort((a, b) => a - b),
    by: [...new Set(from.flatMap((n) => node[n]!.by))],
  }));
