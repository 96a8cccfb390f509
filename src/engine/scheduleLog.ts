import type { Scheduled } from '../contracts/run.js';
import type { ScheduleBudget } from '../core/budget/periods.js';
import type { JsonObject } from '../core/outcome/canonical.js';
import { Failure } from '../core/outcome/failure.js';
import type { Store } from '../ports/store.js';

/*
 * What a schedule starts, and what people did with it: `schedules/<id>/<n>`, each created once, in order of time. The
 * timetable itself is the service's. A run gets the name of an entry, so whoever may write to the store may name plan
 * files, and whoever may merely start workflows may not.
 */

/** A plan to be read from its file whenever a run begins, and the params it gets then. */
export interface ScheduledSource {
  /** Absolute. */
  readonly file: string;
  readonly params: JsonObject;
  /** Params as templates over `scheduled`, the time a run is scheduled for. */
  readonly computed: { readonly [name: string]: string };
  /** IANA name. */
  readonly timezone: string;
  /** What models of all its runs may cost together; absent: without limit. */
  readonly budget?: ScheduleBudget;
}

export type ScheduleEntry = { readonly at: number } & Happened;
export type Happened =
  | { readonly kind: 'created'; readonly source: ScheduledSource }
  | { readonly kind: 'paused' | 'resumed' | 'deleted' }
  /** `run` was started by hand. */
  | { readonly kind: 'triggered'; readonly run: string }
  /** The service would not have what entry number `entry` created. */
  | { readonly kind: 'refused'; readonly entry: number };

/** @returns the entry's number */
export async function appendEntry(store: Store, id: string, entry: ScheduleEntry): Promise<number> {
  const bytes = toBytes(entry);
  for (let n = (await readEntries(store, id)).length; ; n++)
    if ((await store.create(nameOf(id, n), bytes)) === 'created') return n;
}

/**
 * Since the schedule was last created, that first; nothing where it never was, or was deleted. What the service refused
 * does not count.
 */
export async function entriesOf(store: Store, id: string): Promise<readonly ScheduleEntry[]> {
  const all = await readEntries(store, id);
  const refused = new Set(all.map((entry) => (entry.kind === 'refused' ? entry.entry : undefined)));
  const stood = all.filter(({ kind }, n) => kind !== 'refused' && !refused.has(n));
  const created = stood.findLastIndex(({ kind }) => kind === 'created');
  return created < 0 || stood.at(-1)!.kind === 'deleted' ? [] : stood.slice(created);
}

export const isPaused = (entries: readonly ScheduleEntry[]): boolean =>
  entries.findLast(({ kind }) => kind === 'paused' || kind === 'resumed')?.kind === 'paused';

/** Ids of the schedules that were created here and not deleted, with their entries. */
export async function standing(store: Store): Promise<ReadonlyMap<string, readonly ScheduleEntry[]>> {
  const ids = await idsBelow(store, 'schedules/');
  const all = await Promise.all(ids.map(async (id) => [id, await entriesOf(store, id)] as const));
  return new Map(all.filter(([, entries]) => entries.length > 0));
}

/** @throws Failure `InvalidInput` where this store has no such entry, `ContractViolation` */
export async function sourceOf(store: Store, id: string, n: number): Promise<ScheduledSource> {
  const entry = SAFE_ID.test(id) ? await readEntry(store, id, n) : undefined;
  if (entry?.kind === 'created') return entry.source;
  throw new Failure(
    'InvalidInput',
    `What the schedule ${id.slice(0, 80)} starts is not in this store. Delete the schedule, and create it again.`,
  );
}

/** Why a run of a schedule never began: `unbegun/<id>/<first execution run id>`, for such a run has no entry in the index. */
export interface Unbegun {
  /** Of the run. */
  readonly id: string;
  readonly scheduledAt: number;
  readonly at: number;
  readonly problem: string;
}

const PROBLEM_LENGTH = 500;

export async function noteUnbegun(
  store: Store,
  schedule: string,
  first: string,
  { problem, ...unbegun }: Unbegun,
): Promise<void> {
  const bytes = toBytes({ ...unbegun, problem: problem.slice(0, PROBLEM_LENGTH) });
  await store.create(`unbegun/${schedule}/${first}`, bytes);
}

export const unbegunOf = async (store: Store, schedule: string): Promise<readonly Unbegun[]> =>
  (await unbegunNamed(store, schedule)).map(({ unbegun }) => unbegun);

/** Removes those of times up to `until`. */
export async function forgetUnbegun(store: Store, schedule: string, until: number): Promise<void> {
  const old = (await unbegunNamed(store, schedule)).filter(({ unbegun }) => unbegun.scheduledAt <= until);
  await Promise.all(old.map(({ name }) => store.remove(name)));
}

/** Those of all schedules that were written before then, as when they were to begin. @param before ms since the epoch */
export async function oldUnbegun(
  store: Store,
  before: number,
): Promise<readonly { readonly scheduled: Scheduled }[]> {
  const ids = await idsBelow(store, 'unbegun/');
  const all = await Promise.all(
    ids.map(async (id) =>
      (await unbegunOf(store, id)).flatMap(({ at, scheduledAt }) =>
        at < before ? [{ scheduled: { id, at: scheduledAt } }] : [],
      ),
    ),
  );
  return all.flat();
}

async function unbegunNamed(
  store: Store,
  schedule: string,
): Promise<readonly { readonly name: string; readonly unbegun: Unbegun }[]> {
  const names = SAFE_ID.test(schedule) ? await store.list(`unbegun/${schedule}/`) : [];
  const all = await Promise.all(
    names.map(async (name) => ({ name, unbegun: parsed<Unbegun>(name, await store.read(name)) })),
  );
  return all.flatMap(({ name, unbegun }) => (unbegun ? [{ name, unbegun }] : []));
}

/** Of a schedule: what a part of a name in the store may be, and a query of the service can quote. */
export const SAFE_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$/;

const idsBelow = async (store: Store, folder: string): Promise<readonly string[]> => [
  ...new Set((await store.list(folder)).map((name) => name.split('/')[1]!)),
];

const nameOf = (id: string, n: number): string => `schedules/${id}/${n}`;

async function readEntries(store: Store, id: string): Promise<readonly ScheduleEntry[]> {
  const found: ScheduleEntry[] = [];
  for (;;) {
    const entry = await readEntry(store, id, found.length);
    if (!entry) return found;
    found.push(entry);
  }
}

const readEntry = async (store: Store, id: string, n: number): Promise<ScheduleEntry | undefined> =>
  parsed<ScheduleEntry>(nameOf(id, n), await store.read(nameOf(id, n)));

const toBytes = (value: object): Uint8Array => new TextEncoder().encode(JSON.stringify({ v: 1, ...value }));

function parsed<T>(name: string, bytes: Uint8Array | undefined): T | undefined {
  if (!bytes) return undefined;
  const { v, ...value } = (json(bytes) ?? {}) as T & { v: unknown };
  if (v === 1) return value as T;
  throw new Failure(
    'ContractViolation',
    `\`${name}\` in the store is damaged, or of format ${String(v)}; this version of Muster reads format 1. Use a newer version of Muster, or take that file away.`,
  );
}

function json(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
