import type { Json } from '../../core/outcome/canonical.js';
import type { Redactor } from '../../ports/redactor.js';
import { LEAST_LENGTH, type Secret, secretsOf } from './secrets.js';

/** Of a secret that is cut off, what is long enough to be worth taking out. */
const LEAST_PART = 4;
/** A line of a secret of several, such as a key in PEM. */
const LEAST_LINE = 20;
/** Causes of causes. */
const DEEPEST = 10;

/** Of all that a worker has to keep to itself. */
export const redactorOf = (config: Parameters<typeof secretsOf>[0]): Redactor =>
  redactor(secretsOf(config).secrets);

/**
 * Finds secrets as they are, and as JSON, addresses, forms, HTML, hexadecimal and base64 have them, in base64 within a longer
 * text too. It guards against accidents: whoever means to can write a secret in a way that nobody finds.
 */
export function redactor(secrets: readonly Secret[]): Redactor {
  const names = new Map<string, string>();
  for (const { name, value } of secrets)
    for (const form of formsOf(value)) if (!names.has(form)) names.set(form, name);
  if (names.size === 0) return NOTHING;

  const forms = [...names.keys()].sort((a, b) => b.length - a.length);
  const anyForm = new RegExp(forms.map(literally).join('|'), 'g');
  const instead = (form: string) => `[secret ${names.get(form)}]`;

  const text: Redactor['text'] = (given, cut) => {
    const hidden = given.replace(anyForm, instead);
    if (cut === undefined) return hidden;
    const part = partAt(cut, hidden, forms);
    if (part === undefined) return hidden;
    const [form, length] = part;
    return cut === 'end' ? hidden.slice(0, -length) + instead(form) : instead(form) + hidden.slice(length);
  };
  const value = (given: Json): Json => {
    if (typeof given === 'string') return text(given);
    if (given === null || typeof given !== 'object') return given;
    if (Array.isArray(given)) return given.map(value);
    return Object.fromEntries(Object.entries(given).map(([key, inner]) => [text(key), value(inner)]));
  };
  const error = (given: unknown, depth = 0): unknown => {
    if (!(given instanceof Error)) return text(String(given));
    const hidden = new Error(text(given.message), {
      ...(given.cause !== undefined && depth < DEEPEST && { cause: error(given.cause, depth + 1) }),
    });
    hidden.name = given.name;
    hidden.stack = text(given.stack ?? '');
    return hidden;
  };
  const known = [...new Set(names.values())];
  return {
    text,
    value,
    error: (given) => error(given),
    namesIn(given) {
      const all = typeof given === 'string' ? given : JSON.stringify(given);
      return known.filter((name) => all.includes(`[secret ${name}]`));
    },
  };
}

const NOTHING: Redactor = {
  text: (text) => text,
  value: (value) => value,
  error: (error) => error,
  namesIn: () => [],
};

function formsOf(secret: string): Set<string> {
  const lines = secret.split(/\r?\n/).map((line) => line.trim());
  const inLines =
    lines.length > 1 ? lines.filter((line) => line.length >= LEAST_LINE && !/\s/.test(line)) : [];
  const forms = [secret, ...inLines].flatMap((one) => {
    const bytes = Buffer.from(one);
    const inAddress = encodeURIComponent(one);
    const strict = inAddress.replace(
      /[!'()*]/g,
      (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
    );
    const base64 = [0, 1, 2].map((before) => base64Of(bytes, before));
    return [
      one,
      JSON.stringify(one).slice(1, -1),
      ...[inAddress, strict].flatMap((form) => [form, form.replaceAll('%20', '+'), lowerEscapes(form)]),
      inHtml(one),
      bytes.toString('hex'),
      bytes.toString('hex').toUpperCase(),
      ...base64,
      ...base64.map((form) => form.replaceAll('+', '-').replaceAll('/', '_')),
    ];
  });
  return new Set(forms.filter((form) => form.length >= LEAST_LENGTH));
}

const lowerEscapes = (form: string): string => form.replace(/%[0-9A-F]{2}/g, (one) => one.toLowerCase());

const SIGNS: { readonly [sign: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const inHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => SIGNS[sign]!);

/** What of base64 depends on these bytes alone, where so many others stand before them, modulo 3. */
function base64Of(bytes: Buffer, before: number): string {
  const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
  return text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
}

/** The longest part of a form that a text begins or ends with. */
function partAt(
  cut: 'start' | 'end',
  text: string,
  forms: readonly string[],
): readonly [form: string, length: number] | undefined {
  let longest: readonly [string, number] | undefined;
  for (const form of forms)
    for (let length = form.length - 1; length >= Math.max(LEAST_PART, (longest?.[1] ?? 0) + 1); length--)
      if (cut === 'end' ? text.endsWith(form.slice(0, length)) : text.startsWith(form.slice(-length))) {
        longest = [form, length];
        break;
      }
  return longest;
}

const literally = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
