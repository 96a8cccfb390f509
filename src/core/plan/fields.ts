import { z } from 'zod';
import { DURATION, DURATION_RANGE } from './durations.js';
import { didYouMean } from './nearest.js';

/** Says that a key, or a value, is part of the format and not yet of this version. */
const notYet = (name: string): string =>
  `this version of Muster does not support \`${name}\` yet. Remove it.`;

/** What parts the messages of several unknown keys in one issue of zod. */
export const EACH_KEY = '\n';

/** An object of known keys; `later` are keys of the format that this version does not support. */
export function closed<Shape extends z.ZodRawShape>(shape: Shape, later: readonly string[] = []) {
  const known = [...Object.keys(shape), ...later];
  const unknown = (key: string) =>
    later.includes(key)
      ? notYet(key)
      : `unknown key \`${key}\`.${didYouMean(key, known) || ` Known here: ${Object.keys(shape).join(', ')}.`}`;
  return z.strictObject(shape, { error: eachUnknown(unknown) });
}

/** A map from some of these names; `unknown` says what is wrong with any other. */
export const someOf = <const Name extends string, Value extends z.ZodType>(
  names: readonly Name[],
  value: Value,
  unknown: (key: string) => string,
) => z.partialRecord(z.enum(names), value, { error: eachUnknown(unknown) });

const eachUnknown =
  (unknown: (key: string) => string): z.core.$ZodErrorMap =>
  (issue) =>
    issue.code === 'unrecognized_keys' ? (issue.keys as string[]).map(unknown).join(EACH_KEY) : undefined;

/**
 * One of a few words; `later` are words of the format that this version does not support.
 * @param why says of some other word what is wrong with it
 */
export const oneOf = <const Word extends string>(
  words: readonly Word[],
  later: readonly string[] = [],
  why: (word: string) => string | undefined = () => undefined,
) =>
  z.enum(words, {
    error: ({ input }) => {
      const wanted = `wants one of ${words.join(', ')}.`;
      if (typeof input !== 'string') return wanted;
      if (later.includes(input)) return notYet(input);
      return why(input) ?? `${wanted}${didYouMean(input, words)}`;
    },
  });

export const text = z.string().min(1, 'is empty. Write it, or remove the key.');

const ID = /^[a-z][a-z0-9_]*$/;
/** One message, whether the value is of another type or badly written. */
const written = (pattern: RegExp, rule: string) =>
  z.string({ error: ({ input }) => (input === undefined ? undefined : rule) }).regex(pattern, rule);

export const id = written(ID, 'an id is lower-case letters, digits and `_`, and begins with a letter.').max(
  64,
  'an id has at most 64 characters.',
);

/** Names of resources, inputs, collections and the like. */
export const name = written(
  /^[A-Za-z_][A-Za-z0-9_-]*$/,
  'a name is letters, digits, `_` and `-`, and begins with a letter.',
).max(64, 'a name has at most 64 characters.');

export const duration = written(
  DURATION,
  'a duration is a number and a unit: `500ms`, `90s`, `5m`, `2h`, `1d`.',
);
export const durationRange = written(
  DURATION_RANGE,
  'a range of durations is written `1s..60s`, shortest first.',
);

export const whole = (min: number, max: number) =>
  z
    .number()
    .int('wants a whole number.')
    .min(min, `is below the minimum of ${min.toLocaleString('en')}.`)
    .max(max, `is over the maximum of ${max.toLocaleString('en')}.`);

/** Any map, its values not looked into: a JSON Schema, an item. */
export const object = z.record(z.string(), z.json());
export const argv = z.array(z.string()).min(1, 'is empty. Name the command and its arguments.');

/** How texts are compared. */
export const match = oneOf(['exact', 'normalised']);
