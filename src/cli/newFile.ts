import { writeFileSync } from 'node:fs';
import { Failure } from '../core/outcome/failure.js';

/** Nothing is written over. @throws Failure `InvalidInput` */
export function writeNew(file: string, content: string | Uint8Array): void {
  try {
    writeFileSync(file, content, { flag: 'wx' });
  } catch (error) {
    throw new Failure(
      'InvalidInput',
      `\`${file}\` cannot be written: ${(error as Error).message}. Name a new file.`,
    );
  }
}
