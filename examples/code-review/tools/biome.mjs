import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { commandOf, reportOf } from './command.mjs';

/**
 * A reviewer that applies one group of Biome's rules. Biome never looks into `node_modules`, so it gets a copy.
 * @throws Error where Biome cannot parse the file.
 */
export const biome = (group) => async (path) => {
  const folder = await mkdtemp(join(tmpdir(), 'code-review-'));
  try {
    const file = basename(path);
    const rules = { preset: 'none', [group]: 'on' };
    await copyFile(path, join(folder, file));
    await writeFile(join(folder, 'biome.json'), JSON.stringify({ root: true, linter: { rules } }));
    const args = ['lint', '--reporter=json', '--max-diagnostics=none', file];
    const { diagnostics } = await reportOf(commandOf('@biomejs/biome', 'biome'), args, folder);
    const broken = diagnostics.find(({ category }) => !category.startsWith('lint/'));
    if (broken) throw new Error(placed(broken));
    return diagnostics.map(({ category, severity, message, location }) => ({
      line: location.start.line,
      rule: category.replace('lint/', ''),
      severity,
      message,
      source: 'biome',
    }));
  } finally {
    await rm(folder, { recursive: true });
  }
};

/** What is wrong with a file as a whole has line 0. */
const placed = ({ message, location: { start } }) =>
  start.line ? `line ${start.line}: ${message}` : message;
