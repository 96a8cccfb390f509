import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { JsonObject } from '../core/outcome/canonical.js';
import { Failure } from '../core/outcome/failure.js';
import type { Source } from '../core/plan/compile.js';
import { Problems } from '../core/plan/problems.js';
import { readDocument } from '../core/plan/read.js';
import { paramsFile, typedParams } from './params.js';

export interface PlanOptions {
  /** `--param k=v`, as often as given. */
  readonly param?: readonly string[];
  /** `--params FILE`; what `--param` says stands above it. */
  readonly params?: string;
}

/** A plan file with the params of the command line. @throws Failure InvalidInput */
export function planSource(file: string, { param = [], params }: PlanOptions): Source {
  const text = readText(file, 'plan');
  const given = {
    ...(params === undefined ? {} : paramsFile(params)),
    ...typedParams(param.length ? schemaOf(text) : undefined, param),
  };
  return { text, path: file, folder: dirname(resolve(file)), params: given };
}

/** Undefined also where the document cannot be read: compiling it says why. */
function schemaOf(text: string): JsonObject | undefined {
  const params = readDocument(text, new Problems())?.params;
  return typeof params === 'object' && params !== null && !Array.isArray(params)
    ? (params as JsonObject)
    : undefined;
}

/** No plan is nearly as large; what is larger need not be read to be refused. */
const MOST_BYTES = 64 * 1024 * 1024;

/** @throws Failure InvalidInput, in one line, where there is no such file or it cannot be read. */
export function readText(file: string, what: 'plan' | 'params' | 'history'): string {
  try {
    if (statSync(file).size > MOST_BYTES)
      throw new Failure('InvalidInput', `${file} is over 64 MB: that is no ${what} file.`);
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure('InvalidInput', unreadable(file, what, (error as NodeJS.ErrnoException).code), {
      cause: error,
    });
  }
}

function unreadable(file: string, what: string, code: string | undefined): string {
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
