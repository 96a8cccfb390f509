import { readPlan } from '../adapters/planFile.js';
import type { JsonObject } from '../core/outcome/canonical.js';
import type { Source } from '../core/plan/compile.js';
import { typedParams } from '../core/plan/typedParams.js';
import { paramsFile } from './params.js';

export interface PlanOptions {
  /** `--param k=v`, as often as given. */
  readonly param?: readonly string[];
  /** `--params FILE`; what `--param` says stands above it. */
  readonly params?: string;
}

/** A plan file with the params of the command line. @throws Failure InvalidInput */
export function planSource(
  path: string,
  { param = [], params }: PlanOptions,
): Source & { readonly text: string; readonly file: string; readonly params: JsonObject } {
  const { schema, ...plan } = readPlan(path);
  const fromFile = params === undefined ? {} : paramsFile(params);
  return {
    ...plan,
    path,
    params: { ...fromFile, ...typedParams(param.length > 0 ? schema() : undefined, param) },
  };
}
