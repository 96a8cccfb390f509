import { mkdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isCode } from './stores/errno.js';

/** Where copies of a run's report lie in a state folder, unless another folder was asked for. */
export const reportsFolder = (home: string, id: string): string =>
  join(home, 'reports', encodeURIComponent(id));

export function writeReports(folder: string, { json, markdown }: { json: string; markdown: string }): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'report.json'), json);
  writeFileSync(join(folder, 'report.md'), markdown);
}

/** What somebody else has put beside them stays, and the folder with it. */
export function removeReports(home: string, id: string): void {
  const folder = reportsFolder(home, id);
  for (const name of ['report.json', 'report.md']) rmSync(join(folder, name), { force: true });
  try {
    rmdirSync(folder);
  } catch (error) {
    if (!isCode(error, 'ENOENT', 'ENOTEMPTY', 'EEXIST')) throw error;
  }
}
