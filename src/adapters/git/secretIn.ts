import type { Change, Entry } from '../../core/files/change.js';
import { packed } from '../../core/integrate/packed.js';
import { redactedIn } from '../../core/outcome/redacted.js';
import type { Redactor } from '../../ports/redactor.js';
import { contentsOf, type Repository } from './repository.js';

/** Bytes of a file that is searched, and of files that are read at once: more would hold up heartbeats. */
const MOST = 16 * 2 ** 20;
/** By a zero among the first so many bytes git tells that a file is no text. */
const TOLD_BY = 8_000;

/** The first change that brings a secret, in its path or in the text that it comes to. */
export async function secretIn(
  depot: Pick<Repository, 'run'>,
  changes: readonly Change[],
  { text }: Redactor,
): Promise<{ readonly path: string; readonly secret: string } | undefined> {
  const namesIn = (given: string) => {
    const hidden = text(given);
    return hidden === given ? [] : redactedIn(hidden);
  };
  for (const pack of packed(changes, (change) => searched(change)?.size ?? 0, MOST)) {
    const read = pack.flatMap((change) => searched(change)?.id ?? []);
    const contents = await contentsOf(depot, read);
    for (const { path, before, after } of pack) {
      const [inPath] = after ? namesIn(path) : [];
      if (inPath !== undefined) return { path: text(path), secret: inPath };
      const bytes = after && contents.get(after.id);
      const names = bytes ? namesIn(textOf(bytes)) : [];
      if (names.length === 0) continue;
      const readable = before && before.size <= MOST;
      const had = readable ? namesIn(textOf((await contentsOf(depot, [before.id])).get(before.id)!)) : [];
      const secret = names.find((name) => !had.includes(name));
      if (secret !== undefined) return { path, secret };
    }
  }
  return undefined;
}

/** What it comes to, where that is another content, and not too long. */
const searched = ({ before, after }: Change): Entry | undefined =>
  after && after.id !== before?.id && after.size <= MOST ? after : undefined;

const textOf = (bytes: Buffer): string => (bytes.subarray(0, TOLD_BY).includes(0) ? '' : bytes.toString());
