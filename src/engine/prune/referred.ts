import type { Store } from '../../ports/store.js';
import { blobName } from '../artifacts.js';
import type { Indexed } from '../runIndex.js';

/*
 * Which artifacts a run refers to. Whatever looks like a digest in its plan, in the rows of its logs and in its entry counts:
 * rather too much is kept than too little, and rows of a later version of Muster are understood as well. So does what its
 * report says of the run. Outputs are not looked into: one that happens to name an artifact does not keep it.
 */

const DIGEST = /(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g;
const NEWLINE = 0x0a;

const digestsIn = (bytes: Uint8Array | undefined): readonly string[] =>
  Buffer.from(bytes ?? [])
    .toString('latin1')
    .match(DIGEST) ?? [];

/** Of the rows of one segment. */
export async function referredByLog(store: Store, segment: string): Promise<readonly string[]> {
  const bytes = await store.read(segment);
  return digestsIn(bytes?.subarray(0, bytes.indexOf(NEWLINE)));
}

/** What a report says of its run, and what of its answer lies apart: the merged tree and those parts are named nowhere else. */
async function referredByReport(store: Store, report: string): Promise<readonly string[]> {
  const bytes = await store.read(blobName(report));
  try {
    const { run, answer } = JSON.parse(Buffer.from(bytes ?? []).toString()) as {
      run?: unknown;
      answer?: { apart?: unknown };
    };
    return digestsIn(Buffer.from(JSON.stringify([run, answer?.apart])));
  } catch {
    return digestsIn(bytes);
  }
}

/** @param segments names of the run's logs */
export async function referredByRun(
  store: Store,
  { plan, closed }: Pick<Indexed, 'plan' | 'closed'>,
  segments: readonly string[],
): Promise<ReadonlySet<string>> {
  const found = await Promise.all([
    store.read(blobName(plan)).then(digestsIn),
    closed ? referredByReport(store, closed.report.json) : [],
    ...segments.map((name) => referredByLog(store, name)),
  ]);
  // In every format, those of a later version of Muster too.
  const reports: readonly string[] = Object.values(closed?.report ?? {});
  return new Set([plan, ...reports, ...found.flat()]);
}
