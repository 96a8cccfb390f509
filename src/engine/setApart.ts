import type { Answer } from '../core/integrate/report.js';
import { listsIn, madeWhole, parted, type Rest, WIDTHS, type Widths } from '../core/integrate/wide/apart.js';
import type { Apart } from '../core/integrate/wide/parts.js';
import type { Digest, Json } from '../core/outcome/canonical.js';
import type { Plan } from '../core/plan/plan.js';
import type { Store } from '../ports/store.js';
import { putBytes, readBlob } from './artifacts.js';

/** Type of a part: JSON Lines. */
const LINES = 'application/jsonl';

/**
 * The answer as it goes into the report; what does not is durable in the store, and named.
 * @throws Failure `StoreUnavailable`
 */
export async function setApart(
  whole: Answer,
  plan: Plan,
  { store, digest }: { readonly store: Store; readonly digest: Digest },
  widths: Widths = WIDTHS,
): Promise<Answer> {
  const { answer, rests } = parted(whole, plan, widths);
  const apart: Apart[] = [];
  for (const { items, ...named } of rests) {
    const parts: Apart['parts'][number][] = [];
    for (const lines of packs(items, widths.part)) {
      const bytes = new TextEncoder().encode(`${lines.join('\n')}\n`);
      const { digest: known, size } = await putBytes(store, { bytes, type: LINES }, digest);
      parts.push({ digest: known, size, count: lines.length });
    }
    apart.push({ ...named, parts });
  }
  return apart.length === 0 ? answer : { ...answer, apart };
}

function* packs(items: Rest['items'], most: number): Generator<readonly string[]> {
  let lines: string[] = [];
  let size = 0;
  for (const item of items) {
    const line = JSON.stringify(item);
    if (lines.length > 0 && size + line.length > most) {
      yield lines;
      lines = [];
      size = 0;
    }
    lines.push(line);
    size += line.length;
  }
  if (lines.length > 0) yield lines;
}

/**
 * The answer with everything that lies apart in it again, in memory.
 * @throws Failure `StoreUnavailable` where a part is no longer in the store
 */
export async function wholeAnswer(store: Store, answer: Answer): Promise<Answer> {
  const more = new Map<string, readonly Json[]>();
  for (const one of answer.apart ?? []) {
    const items: Json[] = [];
    for await (const item of readApart(store, one)) items.push(item);
    more.set(one.at, items);
  }
  return more.size === 0 ? answer : madeWhole(answer, more);
}

/** Every list of the merged data, and all that lies apart, each with all of its items in order, read one part at a time. */
export function wholeLists(
  store: Store,
  answer: Answer,
): readonly { readonly at: string; readonly items: AsyncIterable<Json> }[] {
  const apart = new Map((answer.apart ?? []).map((one) => [one.at, one]));
  return listsIn(answer, new Set(apart.keys())).map(({ at, items }) => ({
    at,
    items: everyOne(items, apart.get(at)),
  }));

  async function* everyOne(items: readonly Json[], rest: Apart | undefined): AsyncGenerator<Json> {
    if (!rest || rest.from !== undefined) yield* items;
    if (rest) yield* readApart(store, rest);
  }
}

/**
 * The items that lie apart, in order, one part in memory at a time.
 * @throws Failure `StoreUnavailable` where a part is no longer in the store
 */
export async function* readApart(store: Store, { parts }: Pick<Apart, 'parts'>): AsyncGenerator<Json> {
  for (const { digest } of parts) {
    const text = new TextDecoder().decode(await readBlob(store, digest));
    for (const line of text.split('\n')) if (line !== '') yield JSON.parse(line) as Json;
  }
}
