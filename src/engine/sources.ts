import { canonical, type Digest, type Json, type JsonObject } from '../core/outcome/canonical.js';
import { Failure } from '../core/outcome/failure.js';
import { renderText } from '../core/plan/template.js';
import type { Store } from '../ports/store.js';
import { putBytes, readBlob } from './artifacts.js';

/** A plan to be read from its file whenever a run begins, and the params it gets then. */
export interface StoredSource {
  readonly v: 1;
  /** Absolute. */
  readonly file: string;
  readonly params: JsonObject;
  /** Params as templates over `scheduled`: `{at, date, time, ms}` of the time a run was scheduled for. */
  readonly computed: { readonly [name: string]: string };
}

/** @returns the digest it is stored under */
export async function storeSource(store: Store, source: StoredSource, digest: Digest): Promise<string> {
  const bytes = new TextEncoder().encode(canonical(source as unknown as Json));
  return (await putBytes(store, { bytes, type: 'application/json' }, digest)).digest;
}

/** @throws Failure `StoreUnavailable`, `ContractViolation` where another version of Muster wrote it */
export async function loadSource(store: Store, digest: string): Promise<StoredSource> {
  const source = JSON.parse(new TextDecoder().decode(await readBlob(store, digest))) as StoredSource;
  if (source.v === 1) return source;
  throw new Failure(
    'ContractViolation',
    `The schedule's plan was stored in format ${String(source.v)}; this version of Muster reads format 1. Create the schedule again.`,
  );
}

/**
 * The computed params for a time, as texts by name.
 * @param at ms since the epoch
 * @throws Failure `InvalidInput` where a template fails
 */
export function computedParams(
  { computed }: Pick<StoredSource, 'computed'>,
  at: number,
): { [name: string]: string } {
  const iso = new Date(at).toISOString();
  const scheduled = { at: iso, date: iso.slice(0, 10), time: iso.slice(11, 19), ms: at };
  return Object.fromEntries(
    Object.entries(computed).map(([name, template]) => [name, renderText(template, { scheduled })]),
  );
}
