import { canonical, type JsonObject } from '../../outcome/canonical.js';
import type { Brief } from '../plan.js';
import { compare, type Verdict, versionOf } from './compare.js';

/** What one brief delivers and another expects of it. */
export type HandOff = Verdict /** Nothing is said of what is delivered. */ | { readonly verdict: 'unsaid' };

/** What says what a brief delivers. */
export interface Producer extends Pick<Brief, 'output'> {
  readonly kind: Brief['executor']['kind'] | undefined;
  readonly parse: Brief['parse'];
  /** Of one whose samples are all kept: how many at most. */
  readonly samples?: number | undefined;
  /** What may deliver in its place. */
  readonly fallsBack?: Brief['executor']['kind'] | undefined;
}

/** @throws Failure `InvalidPlan` where one of the schemas is none */
export function handOff(producer: Producer, expected: JsonObject): HandOff {
  const promised = promisedBy(producer);
  return promised ? compare(promised, expected) : { verdict: 'unsaid' };
}

/** What a brief promises of its output: its schema, or what follows from how its output is read. */
export function promisedBy({ samples, ...producer }: Producer): JsonObject | undefined {
  const { fallsBack } = producer;
  if (samples === undefined) return promisedByOne(producer);
  const one = promisedByOne(fallsBack === 'ask' ? { ...producer, fallsBack: undefined } : producer);
  if (!one) return undefined;
  const list = { type: 'array', items: alone(one), minItems: 1, maxItems: samples };
  // What is asked instead is asked as often; anything else delivers one.
  return fallsBack === undefined || fallsBack === 'ask' ? list : { anyOf: [list, alone(one)] };
}

/** Within another schema: what it refers to is still within itself. */
const alone = (schema: JsonObject): JsonObject =>
  canonical(schema).includes('"$ref":') ? { $id: 'urn:muster:one', ...schema } : schema;

function promisedByOne({ kind, parse, output, fallsBack }: Producer): JsonObject | undefined {
  if (kind === 'gate') return ANSWER;
  if (output || fallsBack) return output;
  if (kind === 'ask' || (kind === 'run' && parse === 'text')) return { type: 'string' };
  if (kind === 'run' && parse === 'lines') return { type: 'array', items: { type: 'string' } };
  return undefined;
}

/** Only an approval is an output to others. */
const ANSWER: JsonObject = {
  type: 'object',
  properties: {
    approved: { const: true },
    by: { type: ['string', 'null'] },
    note: { type: ['string', 'null'] },
    at: { type: 'string' },
    digest: { type: 'string' },
  },
  required: ['approved', 'by', 'note', 'at', 'digest'],
  additionalProperties: false,
};

/** How sentences name a side: `explore (version 2)`. */
export function sideOf(id: string, schema: JsonObject | undefined): string {
  const version = schema && versionOf(schema);
  return version === undefined ? `\`${id}\`` : `\`${id}\` (version ${version})`;
}
