import { dirname, resolve } from 'node:path';
import { readText } from '../adapters/readText.js';
import type { Json, JsonObject } from '../core/outcome/canonical.js';
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
  const fromFile = params === undefined ? {} : paramsFile(params);
  const typed = typedParams(param.length > 0 ? schemaOf(text) : undefined, param);
  const absolute = resolve(file);
  return { text, path: file, file: absolute, folder: dirname(absolute), params: { ...fromFile, ...typed } };
}

/** Undefined also where the document cannot be read: compiling it says why. */
function schemaOf(text: string): JsonObject | undefined {
  const params: Json | undefined = readDocument(text, new Problems())?.params;
  return typeof params === 'object' && !Array.isArray(params) ? (params as JsonObject) : undefined;
}
