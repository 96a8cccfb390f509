import { nameOf } from '../core/graph/node.js';
import { expecting, Failure } from '../core/outcome/failure.js';
import { DELIVERED } from '../core/outcome/outcome.js';
import type { Anew, Content, FilesMade, OutcomeRow, Reused } from '../core/outcome/rows.js';
import type { Bindings } from '../core/plan/bindings.js';
import { contentKey, contentOf, differing } from '../core/plan/content.js';
import { judgesOf } from '../core/plan/judge.js';
import type { Brief, Plan } from '../core/plan/plan.js';
import { renderText } from '../core/plan/template.js';
import { meant } from '../core/plan/tools.js';
import type { Executor } from '../ports/executor.js';
import { acceptingOf } from './accepting.js';
import { blobName, type Encoded, encodeValue, readValue } from './artifacts.js';
import { loadFiles, storeAgain } from './filesMade.js';
import type { Effects } from './lease.js';
import { makeTry, type Tried } from './makeTry.js';
import { isBad } from './marks.js';
import { findPlace } from './places.js';
import type { Prepared } from './prepare.js';
import { offerAs, offeredAs } from './results.js';
import { readState } from './segments.js';
import type { Unit } from './unit.js';
import { inWorkspace, type Start, workspaceContent } from './workspace.js';

/*
 * Results used again (DESIGN, section 5).
 *  1. A result counts by what it was made from, never by when or by whom it was asked for.
 *  2. It is held against what is asked of it today, as a new one would be.
 *  3. Only what was delivered is used again: not reached is not done, refused is not failed, and marked bad is gone.
 *  4. What is used again is copied: no run needs the log of another.
 *  5. What a fallback delivered is no result of the brief: that is tried again.
 */

/** A result that fits, or why none of the base does. */
type Found = Result | { readonly anew?: Anew };
export interface Result {
  readonly reused: Reused;
  readonly tried: Tried;
  /** Digest of the files it wrote, which are as it left them. */
  readonly wrote?: string;
  /** What it left in its workspace. */
  readonly files?: FilesMade;
}

/** A row that may be used again, and where it lies. */
interface Candidate {
  readonly row: OutcomeRow & Required<Pick<OutcomeRow, 'ref'>>;
  readonly run: string;
}

/** What the try at hand is made from. @throws Failure `InvalidInput` where a file it reads cannot be read */
export async function contentOfTry(
  unit: Unit,
  { bindings, work }: Prepared,
  start: Start | undefined,
): Promise<Content> {
  const { plan, brief, effects } = unit;
  const { digest, functions } = effects;
  const reads = await filesAt(brief.reads, plan, bindings, effects);
  const judges = judgesOf(plan, brief);
  const more = {
    ...(judges !== undefined && { judge: digest(judges).slice(0, 16) }),
    ...(reads !== undefined && { reads }),
    ...(functions !== undefined && callsFunctions(brief) && { functions }),
    ...(start !== undefined && workspaceContent(unit, bindings, start)),
  };
  return contentOf(brief, work!.plain, bindings, more, digest);
}

/** A tool of a server has a `.` in its name. */
const callsFunctions = ({ executor, tools }: Brief): boolean =>
  executor.kind === 'call' || (tools !== undefined && meant(tools).some((pattern) => !pattern.includes('.')));

/**
 * Digest of the files that a brief says it wrote, as they are now; undefined where it says nothing, or they cannot be
 * read: what it delivered stands, and is not used again.
 */
export async function filesWritten(
  { plan, brief, effects }: Unit,
  bindings: Bindings,
): Promise<string | undefined> {
  const digest = await filesAt(brief.writes, plan, bindings, effects).catch(expecting('InvalidInput'));
  return digest instanceof Failure ? undefined : digest;
}

async function filesAt(
  patterns: readonly string[],
  { folder }: Plan,
  bindings: Bindings,
  { filesDigest }: Effects,
): Promise<string | undefined> {
  if (patterns.length === 0 || folder === undefined) return undefined;
  return filesDigest(
    patterns.map((pattern) => renderText(pattern, bindings)),
    folder,
  );
}

/** @throws Failure `StoreUnavailable`, `Superseded` */
export async function findResult(
  unit: Unit,
  prepared: Prepared,
  { content, start }: { readonly content: Content; readonly start: Start | undefined },
): Promise<Found> {
  const { digest } = unit.effects;
  const before = await inBase(unit, content);
  const candidate = 'row' in before ? before : await inCache(unit, contentKey(content, digest));
  if (!candidate) return 'row' in before ? {} : before;
  const { row } = candidate;
  const written = await filesWritten(unit, prepared.bindings);
  if (row.wrote !== written || (written === undefined && unit.brief.writes.length > 0))
    return { anew: { because: 'changed', fields: ['writes'] } };
  const tried = await held(unit, prepared, candidate, start).catch(gone);
  if (tried instanceof Failure || unit.lease.signal.aborted)
    return { anew: { because: 'not-done', status: 'missing' } };
  if (tried.failure) return { anew: { because: 'unfit', finding: tried.failure.message.slice(0, 300) } };
  return {
    reused: originOf(candidate),
    tried,
    ...(row.wrote !== undefined && { wrote: row.wrote }),
    ...(row.files && { files: row.files }),
  };
}

/** Of a result that was itself used again, who carried it out. */
function originOf({ row: { reused, ended, usage }, run }: Candidate): Reused {
  return reused ?? { run, ended, ...(usage?.model !== undefined && { model: usage.model }) };
}

/** An output that was cleared away is not there, nor one whose files make no tree; anything else says nothing about it. */
const gone = expecting('StoreUnavailable', 'OutputInvalid');

/** What the run that this one repeats says of the same brief or instance. */
async function inBase(
  { lease, effects, brief, key }: Unit,
  content: Content,
): Promise<Candidate | { anew?: Anew }> {
  const { base } = lease.run;
  if (!base) return {};
  const { store } = effects;
  // The base was removed all the same: to wait for it would be for ever.
  if (!(await store.look(blobName(base.plan)))) return { anew: { because: 'not-done' } };
  const place = await findPlace(store, base, { brief: brief.id, ...(key !== undefined && { key }) });
  if (!place) return { anew: { because: 'new' } };
  const { final } = await readState(store, place);
  if (!final?.status || !DELIVERED.has(final.status) || !final.ref || !final.content)
    return { anew: { because: 'not-done', ...(final?.status && { status: final.status }) } };
  if (await isBad(store, place)) return { anew: { because: 'bad' } };
  if (final.fallback) return { anew: { because: 'fallback' } };
  const fields = differing(final.content, content);
  if (fields.length > 0) return { anew: { because: 'changed', fields } };
  return { row: { ...final, ref: final.ref }, run: base.first };
}

/** The newest result of any run with the same content, where the brief allows it. */
async function inCache({ brief, effects }: Unit, key: string): Promise<Candidate | undefined> {
  const { store, clock } = effects;
  if (brief.cacheMs === undefined) return undefined;
  const oldest = clock.now() - brief.cacheMs;
  const young = (await offeredAs(store, key)).filter(({ ended }) => ended >= oldest);
  for (const { run, unit } of young.sort((a, b) => b.ended - a.ended)) {
    const { final } = await readState(store, { run, unit });
    if (!final?.ref || !final.content || contentKey(final.content, effects.digest) !== key) continue;
    if (!(await isBad(store, { run, unit }))) return { row: { ...final, ref: final.ref }, run };
  }
  return undefined;
}

/** The same as it is, of what nothing more is asked: an answer that somebody gave. */
export async function answeredBefore(
  unit: Unit,
  content: Content,
): Promise<{ readonly reused: Reused; readonly output: Encoded } | undefined> {
  const { store, digest } = unit.effects;
  const candidate = await inCache(unit, contentKey(content, digest));
  if (!candidate) return undefined;
  const value = await readValue(store, candidate.row.ref);
  return { reused: originOf(candidate), output: encodeValue(value) };
}

/** Lets other runs find what `unit` came to. Lost with a crash just before it: then the work is done again. */
export async function offer({ lease, brief, effects }: Unit, content: Content): Promise<void> {
  if (brief.cacheMs === undefined) return;
  const { store, digest, clock } = effects;
  const place = { run: lease.run.first, unit: nameOf(lease) };
  const ended = clock.now();
  await offerAs(store, contentKey(content, digest), { ...place, ended, until: ended + brief.cacheMs });
}

/** The output of a candidate, judged by what is asked of an output today. */
async function held(
  unit: Unit,
  { bindings, work }: Prepared,
  { row }: Candidate,
  start: Start | undefined,
): Promise<Tried> {
  const { effects } = unit;
  const value = await readValue(effects.store, row.ref);
  if (row.files) await storeAgain(effects.store, row.files);
  return inWorkspace(unit, bindings, await treeLeft(unit, row, start), (space) =>
    makeTry(unit, {
      number: 0,
      bindings,
      work: work!.plain,
      key: `reused-${row.ref.digest}`,
      executor: async () => ({
        output: { value },
        ...(row.voted && { voted: row.voted }),
        ...(row.several && { several: row.several }),
      }),
      accepting: { ...acceptingOf(unit), ask: agreeing },
      ...(space && { folder: space.folder }),
    }),
  );
}

/** A judge has said that it holds: the same judge of the same statement, or the content would differ. */
const agreeing: Executor = async () => ({ output: { value: { holds: true, finding: '' } } });

/**
 * Today's start with the files that a result left, where a command judges by them.
 * @throws Failure `StoreUnavailable` where the files are gone
 */
async function treeLeft(
  { brief, depot, effects }: Unit,
  { files }: OutcomeRow,
  start: Start | undefined,
): Promise<string | undefined> {
  if (!files || !depot || !start) return undefined;
  const { changes } = await loadFiles(effects.store, depot, files);
  const judged = brief.accept.some(({ kind }) => kind === 'command');
  return judged ? depot.apply(start.tree, changes) : undefined;
}
