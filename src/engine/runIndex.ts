import type { RunStatus, Scheduled, StoredReport } from '../contracts/run.js';
import type { RunName } from '../contracts/unit.js';
import { Failure } from '../core/outcome/failure.js';
import type { Status } from '../core/outcome/outcome.js';
import type { Store } from '../ports/store.js';

/*
 * Which runs there were, for when Temporal has forgotten them. An entry is a few files, each created once:
 * `index/<id>_<first execution run id>.opened` and, once there is a report, `.closed` beside it; each patch of its plan is a
 * `.patched-1`, `-2` and so on. While it is pinned there
 * is `.pinned`; one that is `.removing` is gone for all but who removes it, and comes back no more once it is `.removed`
 * (prune/prune.ts). `.unknown` stands since the service was first found to know nothing of a run without a report.
 */

export interface Opened extends Pick<RunName, 'id' | 'first'> {
  /** Digest of the stored plan. */
  readonly plan: string;
  readonly name: string;
  /** The original brief, its first {@link BRIEF_LENGTH} characters. */
  readonly brief: string;
  /** ms since the epoch. */
  readonly openedAt: number;
  /** Of a re-run: the id of the run it repeats. */
  readonly rerunOf?: string;
  /** First execution run id of that one. */
  readonly base?: string;
  /** Of a run that a schedule started. */
  readonly scheduled?: Scheduled;
  /** The run it is within. */
  readonly partOf?: Pick<RunName, 'id' | 'first'>;
}
export interface Closed {
  readonly status: RunStatus;
  /** Digest of `answer`. */
  readonly answer: string;
  readonly report: StoredReport;
  /** Rows of the ledger by status; absent is none. */
  readonly counts: { readonly [S in Status]?: number };
  /** ms since the epoch. */
  readonly closedAt: number;
}
export interface RunEntry extends Opened {
  /** Absent while the run has no report. */
  readonly closed?: Closed;
  /** How often its plan was patched; `plan` is what it goes on with. Absent: never. */
  readonly patches?: number;
  /** It is never removed. */
  readonly pinned?: true;
}
/** An entry as whoever removes runs sees it. */
export interface Indexed extends RunEntry {
  readonly removing?: true;
  readonly removed?: true;
}

const BRIEF_LENGTH = 200;
/** Characters; a file name may have 255 bytes in all. What is cut is told apart by the second part of the name. */
const ID_LENGTH = 150;

/** Harmless when the run is open already: the first entry stands. */
export async function openRun(store: Store, run: Opened): Promise<void> {
  const { brief, ...rest } = run;
  const entry: Opened = { ...rest, brief: brief.slice(0, BRIEF_LENGTH) };
  await store.create(partOf(run, 'opened'), toBytes(entry));
}

/** The n-th plan that took the place of another, n from 1; harmless when it is there already. */
export async function notePatch(store: Store, run: RunName, n: number, plan: string): Promise<void> {
  await store.create(partOf(run, `patched-${n}`), toBytes({ plan }));
}

/** Harmless when the run is closed already: the first report stands. */
export async function closeRun(store: Store, run: RunName, closed: Closed): Promise<void> {
  await store.create(partOf(run, 'closed'), toBytes(closed));
}

/** Of exactly that id: whether there is one that is listed, or one that is being removed. */
export async function hasRun(store: Store, id: string): Promise<'listed' | 'removing' | undefined> {
  const names = await store.list(`index/${encodeId(id)}_`);
  if (names.length === 0) return undefined;
  return (await present(store, id)).some((entry) => entry.id === id) ? 'listed' : 'removing';
}

/** Newest first. */
export const listRuns = (store: Store): Promise<readonly RunEntry[]> => present(store, '');

/** Runs within a run, however deep: their ids begin with its own. */
export async function listWithin(store: Store, run: Pick<RunName, 'id'>): Promise<readonly RunEntry[]> {
  return (await present(store, `${run.id}/`)).filter(({ partOf }) => partOf);
}

/** With those that are being removed. */
export const listIndexed = (store: Store): Promise<readonly Indexed[]> => entries(store, '');

export const listEntryNames = (store: Store): Promise<readonly string[]> => store.list('index/');

/** The entry that a name is part of, as all its names begin; undefined for a name of another kind. */
export const entryNamed = (name: string): string | undefined =>
  /^(index\/[^/]+)\.(?:opened|closed|patched-\d+|pinned|removing|removed|unknown)$/.exec(name)?.[1];

/** Name of a part of an entry. */
export const partOf = (run: Pick<RunName, 'id' | 'first'>, part: Part): string => `${entryName(run)}.${part}`;
type Part = 'opened' | 'closed' | `patched-${number}` | 'pinned' | 'removing' | 'removed' | 'unknown';

/**
 * False where it is pinned already.
 * @throws Failure `InvalidInput` where it is just being removed
 */
export async function pinRun(store: Store, run: Pick<RunName, 'id' | 'first'>): Promise<boolean> {
  const said = await store.create(partOf(run, 'pinned'), new Uint8Array());
  // Looked for after the pin is there, as whoever removes runs looks for pins after it has said that it does.
  const there = await store.look(partOf(run, 'opened'));
  if (there && !(await store.look(partOf(run, 'removing')))) return said === 'created';
  // Another one's pin may have been seen, and holds.
  if (said === 'created') await store.remove(partOf(run, 'pinned'));
  throw new Failure('InvalidInput', `${run.id} is just being removed. See what is left: muster list`);
}

/** False where it is not pinned. */
export const unpinRun = async (store: Store, run: Pick<RunName, 'id' | 'first'>): Promise<boolean> =>
  (await store.remove(partOf(run, 'pinned'))) !== undefined;

/** Of exactly that run; undefined where it is none that is listed. */
export const entryOf = async (
  store: Store,
  { id, first }: Pick<RunName, 'id' | 'first'>,
): Promise<RunEntry | undefined> =>
  (await present(store, id)).find((entry) => entry.id === id && entry.first === first);

/**
 * The newest run of that id; else, of the one id that begins so. Undefined where there is none.
 * @throws Failure `InvalidInput` where several ids begin so, or it is empty.
 */
export async function findRun(store: Store, id: string): Promise<RunEntry | undefined> {
  if (id === '')
    throw new Failure('InvalidInput', 'The id of a run is empty. See which there are: muster list');
  const near = (await present(store, id)).filter((entry) => entry.id.startsWith(id));
  const exact = near.find((entry) => entry.id === id);
  // What is within a run begins as that does.
  const alone = near.filter(({ partOf }) => !partOf);
  const meant = alone.length > 0 ? alone : near;
  const ids = new Set(meant.map((entry) => entry.id));
  if (exact || ids.size <= 1) return exact ?? meant[0];
  throw new Failure(
    'InvalidInput',
    `${ids.size} runs begin with ${id}: ${[...ids].slice(0, 5).join(', ')}${ids.size > 5 ? ', …' : ''}. Give more of the id.`,
  );
}

/** An entry as it stands by now: it may have been closed since it was listed. */
export async function closedSince(store: Store, run: Indexed): Promise<Indexed> {
  const bytes = await store.read(partOf(run, 'closed'));
  return bytes ? { ...run, closed: fromBytes<Closed>(bytes) } : run;
}

/**
 * Since when the service is known to know nothing of a run, ms since the epoch; undefined where that was never noted.
 * @param note notes that it does not where nobody has yet
 */
export async function unknownSince(
  store: Store,
  run: Pick<RunName, 'id' | 'first'>,
  { note }: { readonly note: boolean },
): Promise<number | undefined> {
  const name = partOf(run, 'unknown');
  // To create it again would make it younger.
  if (note && !(await store.look(name))) await store.create(name, new Uint8Array());
  return (await store.look(name))?.at;
}

const present = async (store: Store, beginning: string): Promise<readonly RunEntry[]> =>
  (await entries(store, beginning)).filter(({ removing }) => !removing);

async function entries(store: Store, beginning: string): Promise<readonly Indexed[]> {
  const names = new Set(await store.list(`index/${encodeId(beginning)}`));
  const opened = [...names].filter((name) => name.endsWith('.opened'));
  const all = await Promise.all(opened.map((name) => readEntry(store, name, names)));
  return all.flat().sort((a, b) => b.openedAt - a.openedAt || (a.id < b.id ? -1 : 1));
}

async function readEntry(store: Store, name: string, names: ReadonlySet<string>): Promise<Indexed[]> {
  const beside = (part: Part) => name.replace(/opened$/, part);
  const has = (part: Part) => names.has(beside(part));
  let patches = 0;
  while (has(`patched-${patches + 1}`)) patches++;
  const [opened, closed, latest] = await Promise.all([
    store.read(name),
    has('closed') ? store.read(beside('closed')) : undefined,
    patches > 0 ? store.read(beside(`patched-${patches}`)) : undefined,
  ]);
  // Removed since it was listed.
  if (!opened) return [];
  return [
    {
      ...fromBytes<Opened>(opened),
      ...(latest && { ...fromBytes<Pick<Opened, 'plan'>>(latest), patches }),
      ...(closed && { closed: fromBytes<Closed>(closed) }),
      ...(has('pinned') && { pinned: true }),
      ...(has('removing') && { removing: true }),
      ...(has('removed') && { removed: true }),
    },
  ];
}

const entryName = ({ id, first }: Pick<RunName, 'id' | 'first'>): string => `index/${encodeId(id)}_${first}`;

/** Character by character, so that the beginning of an id gives the beginning of its name. */
export const encodeId = (id: string): string =>
  encodeURIComponent(id)
    .replace(/[!~*'()._]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
    .slice(0, ID_LENGTH);

const toBytes = (entry: Opened | Closed | Pick<Opened, 'plan'>): Uint8Array =>
  new TextEncoder().encode(JSON.stringify({ v: 1, ...entry }));

function fromBytes<T>(bytes: Uint8Array): T {
  const { v, ...entry } = JSON.parse(new TextDecoder().decode(bytes)) as T & { v: unknown };
  if (v === 1) return entry as T;
  throw new Failure(
    'ContractViolation',
    `The run index was written in format ${String(v)}; this version of Muster reads format 1. Use a newer version of Muster.`,
  );
}
