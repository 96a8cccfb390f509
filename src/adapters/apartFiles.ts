import { mkdirSync, readdirSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Json } from '../core/outcome/canonical.js';
import { Failure } from '../core/outcome/failure.js';

/** A list of an answer, by its path within that. */
export interface Whole {
  readonly at: string;
  readonly items: AsyncIterable<Json> | Iterable<Json>;
}

/** Characters that are written at a time. */
const CHUNK = 1_000_000;

/**
 * Writes each list as JSON Lines: `data.rows.jsonl`.
 * @throws Failure `InvalidInput` where the folder holds something
 */
export async function writeWhole(folder: string, lists: Iterable<Whole>): Promise<void> {
  mkdirSync(folder, { recursive: true });
  if (readdirSync(folder).length > 0)
    throw new Failure('InvalidInput', `\`${folder}\` holds something already. Name a new folder.`);
  for (const { at, items } of lists) {
    const file = await open(join(folder, `${fileName(at)}.jsonl`), 'wx');
    try {
      await writeLines(file, items);
    } finally {
      await file.close();
    }
  }
}

async function writeLines(file: FileHandle, items: Whole['items']): Promise<void> {
  let lines = '';
  for await (const item of items) {
    lines += `${JSON.stringify(item)}\n`;
    if (lines.length < CHUNK) continue;
    await file.writeFile(lines);
    lines = '';
  }
  await file.writeFile(lines);
}

/** `$.data.rows` is `data.rows`, `$.requirements[2].at` is `requirements.2.at`. */
const fileName = (at: string): string =>
  encodeURIComponent(at.slice(2).replace(/\[(\d+)\]/g, '.$1')).replace(/%(?:22|5B|5D)/g, '_');
