import type { Json } from '../../core/outcome/canonical.js';
import { insteadOf } from '../../core/outcome/redacted.js';
import type { Redactor } from '../../ports/redactor.js';
import { OPEN_POLICY } from './policy.js';
import type { Provider } from './provider.js';
import { LEAST_LENGTH, type Secret, secretsOf } from './secrets.js';
import { type Sought, soughtOf } from './sought.js';

/** Causes of causes. */
const DEEPEST = 10;

/** Of all that a worker has to keep to itself. */
export const redactorOf = (config: Parameters<typeof secretsOf>[0]): Redactor =>
  redactor(secretsOf(config).secrets);

/** Of nothing but the key of a model. */
export const redactorOfKey = (model: Pick<Provider, 'apiKey'>): Redactor =>
  redactorOf({ policy: OPEN_POLICY, env: {}, model });

/**
 * Finds secrets as they are, and as programs write them: in JSON, addresses, forms, HTML, quoted for a shell, in hexadecimal
 * and base64, in base64 within a longer text too. It guards against accidents: whoever means to can write a secret in a way
 * that nobody finds.
 */
export function redactor(secrets: readonly Secret[]): Redactor {
  const sought = soughtOf(secrets.filter(({ value }) => value.length >= LEAST_LENGTH));
  if (sought === undefined) return NOTHING;

  const text: Redactor['text'] = (given, cut) => hide(given, sought, cut);
  const value = (given: Json): Json => {
    if (typeof given === 'string') return text(given);
    if (typeof given === 'number') return numeral(given, text);
    if (given === null || typeof given !== 'object') return given;
    if (Array.isArray(given)) return given.map(value);
    const hidden = new Map<string, Json>();
    for (const [key, inner] of Object.entries(given)) hidden.set(free(text(key), hidden), value(inner));
    return Object.fromEntries(hidden);
  };
  const error = (given: unknown, depth = 0): unknown => {
    if (!(given instanceof Error)) return text(String(given));
    const hidden = new Error(text(given.message), {
      ...(given.cause !== undefined && depth < DEEPEST && { cause: error(given.cause, depth + 1) }),
    });
    hidden.name = text(given.name);
    hidden.stack = text(given.stack ?? '');
    return hidden;
  };
  return { text, value, error: (given) => error(given) };
}

const NOTHING: Redactor = {
  text: (text) => text,
  value: (value) => value,
  error: (error) => error,
};

/** What overlaps is hidden as one, under the name of what begins first. */
function hide(text: string, { whole, partAt }: Sought, cut: 'start' | 'end' | undefined): string {
  let hidden = '';
  let from = 0;
  if (cut === 'start') {
    const part = partAt('start', text);
    if (part) [hidden, from] = [insteadOf(part.name), part.length];
  }
  const part = cut === 'end' ? partAt('end', text) : undefined;
  const end = text.length - (part?.length ?? 0);
  for (const { name, at, to } of whole(text)) {
    if (to <= from) continue;
    if (at >= from) hidden += text.slice(from, at) + insteadOf(name);
    from = to;
  }
  if (from < end) hidden += text.slice(from, end);
  return part ? hidden + insteadOf(part.name) : hidden + text.slice(Math.max(from, end));
}

/** One of digits alone may have become a number. */
function numeral(given: number, text: Redactor['text']): Json {
  const digits = String(given);
  if (digits.length < LEAST_LENGTH) return given;
  const hidden = text(digits);
  return hidden === digits ? given : hidden;
}

/** Two keys may both have held the same secret: neither is lost. */
function free(key: string, taken: ReadonlyMap<string, unknown>): string {
  let one = key;
  for (let n = 2; taken.has(one); n++) one = `${key} ${n}`;
  return one;
}
