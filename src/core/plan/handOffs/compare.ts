import { canonical, isObject, type Json, type JsonObject } from '../../outcome/canonical.js';
import { prove, type Stuck } from './proof.js';
import { type Witness, witness } from './witness.js';

/** Whether what one schema allows is what another expects. */
export type Verdict =
  | { readonly verdict: 'compatible' }
  /** Something that is allowed is not expected. */
  | ({ readonly verdict: 'breaking' } & Witness)
  /** Both call themselves this version, and differ. */
  | { readonly verdict: 'breaking'; readonly sameVersion: string }
  /** Neither could be shown; the proof did not go on there. */
  | ({ readonly verdict: 'undecided' } & Stuck);

/** The version that a schema says it is, as text; a whole number or a text at its top. */
export function versionOf({ version }: JsonObject): string | undefined {
  return typeof version === 'string' || typeof version === 'number' ? String(version) : undefined;
}

/** Whoever shows a plan compares what whoever compiled it did. */
const compared = new Map<string, Verdict>();
const MOST_REMEMBERED = 50;

/** @throws Failure `InvalidPlan` where one of them is no schema */
export function compare(given: JsonObject, wanted: JsonObject): Verdict {
  const both = canonical([given, wanted]);
  const verdict = compared.get(both) ?? compareAnew(given, wanted);
  if (compared.size >= MOST_REMEMBERED) compared.clear();
  compared.set(both, verdict);
  return verdict;
}

function compareAnew(given: JsonObject, wanted: JsonObject): Verdict {
  if (said(given) === said(wanted)) return { verdict: 'compatible' };
  const version = versionOf(given);
  if (version !== undefined && version === versionOf(wanted) && isOneContract(given, wanted))
    return { verdict: 'breaking', sameVersion: version };
  const stuck = prove({ schema: given, root: given }, { schema: wanted, root: wanted });
  if (!stuck) return { verdict: 'compatible' };
  const found = witness(given, wanted);
  return found ? { verdict: 'breaking', ...found } : { verdict: 'undecided', ...stuck };
}

/** Two that have names of their own have versions of their own. */
const isOneContract = (a: JsonObject, b: JsonObject): boolean =>
  a.$id === undefined || b.$id === undefined || a.$id === b.$id;

/** What a schema says of values, without its remarks. */
const said = (schema: JsonObject): string => canonical(bare(schema));
const REMARKS = ['$schema', '$comment', 'title', 'description', 'examples', 'default', 'deprecated'];

function bare(schema: JsonObject): JsonObject {
  const kept = Object.entries(schema).filter(([key]) => !REMARKS.includes(key));
  const read = (key: string, value: Json) =>
    MAPS.has(key) ? each(value) : LITERAL.has(key) ? value : inner(value);
  return Object.fromEntries(kept.map(([key, value]) => [key, read(key, value)]));
}
/** Keywords whose members are named by the schema's author. */
const MAPS = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas']);
const LITERAL = new Set(['const', 'enum']);
const each = (value: Json): Json =>
  isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, inner(one)]))
    : value;
const inner = (value: Json): Json =>
  Array.isArray(value) ? (value as Json[]).map(inner) : isObject(value) ? bare(value) : value;
