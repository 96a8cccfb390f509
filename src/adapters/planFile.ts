import { dirname, resolve } from 'node:path';
import type { Json, JsonObject } from '../core/outcome/canonical.js';
import { Problems } from '../core/plan/problems.js';
import { readDocument } from '../core/plan/read.js';
import { readText } from './readText.js';

export interface PlanFile {
  readonly text: string;
  /** Absolute. */
  readonly file: string;
  readonly folder: string;
  /** Of its params; undefined also where the document cannot be read: compiling it says why. Reads it once more. */
  schema(): JsonObject | undefined;
}

/** @throws Failure InvalidInput, in one line, where there is no such file or it cannot be read */
export function readPlan(path: string): PlanFile {
  const text = readText(path, 'plan');
  const file = resolve(path);
  return { text, file, folder: dirname(file), schema: () => schemaOf(text) };
}

function schemaOf(text: string): JsonObject | undefined {
  const params: Json | undefined = readDocument(text, new Problems())?.params;
  return typeof params === 'object' && !Array.isArray(params) ? (params as JsonObject) : undefined;
}
