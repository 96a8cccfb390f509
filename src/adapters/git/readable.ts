import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Refused } from './git.js';

/** Files that git itself opens and reads, wherever they lie; it does not ask first what they are. */
const READ = new Set(['.gitignore', '.gitattributes']);

/**
 * Nothing that git reads for itself in a folder is a pipe or a device, which it would wait for.
 * @throws Refused
 */
export async function checkReadable(folder: string): Promise<void> {
  for (const left = ['']; left.length > 0; ) {
    const below = left.pop()!;
    // What cannot be listed git speaks of.
    const all = await readdir(join(folder, below), { withFileTypes: true }).catch(() => []);
    for (const one of all) {
      const path = below === '' ? one.name : `${below}/${one.name}`;
      if (path === '.git') continue;
      if (one.isDirectory()) left.push(path);
      else if (!one.isFile() && !one.isSymbolicLink() && (READ.has(one.name) || /(^|\/)\.git\//.test(path)))
        throw new Refused(`\`${path}\` is a pipe or a device, and git reads it as a file. Remove it`);
    }
  }
}
