import { mkdirSync, readdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isCode } from './stores/errno.js';

/**
 * Where copies of a run's report lie in a state folder, unless another folder was asked for.
 * @param rules digest of those that it was integrated by once more
 */
export const reportsFolder = (home: string, id: string, rules?: string): string =>
  join(
    ...[home, 'reports', encodeURIComponent(id)],
    ...(rules === undefined ? [] : [`${AGAIN}${rules.slice(0, 12)}`]),
  );
const AGAIN = 'integrated-';

interface Reports {
  readonly json: string;
  readonly markdown: string;
  readonly html?: string;
}

/** A file that this report does not have is not left there from another. */
export function writeReports(folder: string, { json, markdown, html }: Reports): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'report.json'), json);
  writeFileSync(join(folder, 'report.md'), markdown);
  if (html === undefined) rmSync(join(folder, 'report.html'), { force: true });
  else writeFileSync(join(folder, 'report.html'), html);
}

/** What somebody else has put beside them stays, and the folder with it. */
export function removeReports(home: string, id: string): void {
  const folder = reportsFolder(home, id);
  for (const name of namesIn(folder)) if (name.startsWith(AGAIN)) removeFrom(join(folder, name));
  removeFrom(folder);
}

function removeFrom(folder: string): void {
  for (const name of ['report.json', 'report.md', 'report.html']) rmSync(join(folder, name), { force: true });
  try {
    rmdirSync(folder);
  } catch (error) {
    if (!isCode(error, 'ENOENT', 'ENOTEMPTY', 'EEXIST')) throw error;
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return [];
    throw error;
  }
}
