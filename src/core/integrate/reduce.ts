import { canonical, type Json, type JsonObject } from '../outcome/canonical.js';
import { bytesOf } from '../outcome/gate.js';
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
/** Of an item that was made from what more briefs said, the first are named: else names alone would fill a call. */
const NAMED = 20;

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
 * @param said read where it lies: no more of it is in memory than one question for each that is asked at a time
 * @param ask the replies in the order of the parts; it makes the question of a part when it asks it
 * @param most bytes of what one call is given
 */
export async function reduced(
  entry: Merge & { readonly reduce: string },
  said: readonly Statement[],
  ask: <T>(parts: readonly T[], questionOf: (part: T) => Question) => Promise<readonly Reply[]>,
  most = MOST,
): Promise<Reduction> {
  let level: readonly Node[] = said.map((one, n) => new Said(one, n));
  while (level.length > 0) {
    // Each with a comma, or the bracket that ends it.
    const room = most - sizeOf(inputOf(entry, []));
    const nodes = packed(level, (one) => sizeOf(itemOf(one)) + 1, room);
    const replies = await ask(nodes, (node) => questionOf(entry, node));
    const failed = replies.find((reply) => 'failure' in reply);
    if (failed && 'failure' in failed) return { failure: failed.failure.message };
    const made = nodes.flatMap((node, n) => composed(node, (replies[n] as { value: Json }).value));
    if (nodes.length === 1) return { made };
    const before = valuesOf(level);
    if (valuesOf(made) >= before)
      return {
        failure: `\`${entry.reduce}\` makes of ${before.toLocaleString('en')} bytes no less, so that they never come together.`,
      };
    level = made;
  }
  return { made: [] };
}

interface Node extends Made {
  readonly by: readonly string[];
}

/** What somebody said. */
interface Statement {
  readonly value: Json;
  readonly voice: { readonly label: string };
}

/** An item as it was said. */
class Said implements Node {
  readonly #statement: Statement;
  readonly #n: number;

  constructor(statement: Statement, n: number) {
    this.#statement = statement;
    this.#n = n;
  }

  get value(): Json {
    return this.#statement.value;
  }

  get from(): readonly number[] {
    return [this.#n];
  }

  get by(): readonly string[] {
    return [this.#statement.voice.label];
  }
}

/** Bytes of it. */
const sizeOf = (value: Json): number => bytesOf(canonical(value));
const valuesOf = (all: readonly Made[]): number => all.reduce((sum, { value }) => sum + sizeOf(value), 0);

/** What a function sees of an item. */
const itemOf = ({ value, by }: Node): Json => ({
  value,
  by: by.slice(0, NAMED),
  ...(by.length > NAMED && { more: by.length - NAMED }),
});
const inputOf = ({ name }: Merge, node: readonly Node[]): Json => ({
  collection: name,
  items: node.map(itemOf),
});

function questionOf(entry: Merge & { readonly reduce: string }, node: readonly Node[]): Question {
  const { name, reduce } = entry;
  const input = inputOf(entry, node);
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
