import type { Change } from '../../core/files/change.js';
import { redactedIn } from '../../core/outcome/redacted.js';
import type { Redactor } from '../../ports/redactor.js';
import { contentsOf, type Repository } from './repository.js';

/** Bytes of a file that is searched: a longer one would hold up heartbeats. */
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
  const namesWithin = async ({ id, size }: NonNullable<Change['after']>) =>
    size > MOST ? [] : namesIn(textOf((await contentsOf(depot, [id])).get(id)!));
  for (const { path, before, after } of changes) {
    if (!after) continue;
    const [inPath] = namesIn(path);
    if (inPath !== undefined) return { path: text(path), secret: inPath };
    if (after.id === before?.id) continue;
    const names = await namesWithin(after);
    if (names.length === 0) continue;
    const was = before ? await namesWithin(before) : [];
    const secret = names.find((name) => !was.includes(name));
    if (secret !== undefined) return { path, secret };
  }
  return undefined;
}

const textOf = (bytes: Buffer): string => (bytes.subarray(0, TOLD_BY).includes(0) ? '' : bytes.toString());
