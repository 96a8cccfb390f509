import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../core/outcome/failure.js';

/** Nothing that is meant is nearly as large; what is larger need not be read to be refused. */
const MOST_BYTES = 64 * 1024 * 1024;

/** @throws Failure InvalidInput, in one line, where there is no such file or it cannot be read */
export function readText(file: string, what: 'plan' | 'rules' | 'params' | 'history' | 'policy'): string {
  let size: number;
  try {
    size = statSync(file).size;
    if (size <= MOST_BYTES) return readFileSync(file, 'utf8');
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new Failure('InvalidInput', unreadable(file, what, code), { cause: error });
  }
  const mb = Math.ceil(size / (1024 * 1024));
  throw new Failure('InvalidInput', `${file} is ${mb} MB: that is no ${what} file.`);
}

function unreadable(file: string, what: string, code: string): string {
  const inside = join(file, 'plan.yaml');
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return `There is no file ${file}. Give the path of a ${what} file.`;
    case 'EISDIR':
      return `${file} is a folder. Give the path of a ${what} file${existsSync(inside) ? `, such as ${inside}` : ''}.`;
    case 'EACCES':
    case 'EPERM':
      return `${file} may not be read. Change its permissions, or give another file.`;
    default:
      return `${file} cannot be read (${code}).`;
  }
}
