import type { Json, JsonObject } from '../outcome/canonical.js';
import { Failure } from '../outcome/failure.js';

/**
 * The findings of a SARIF 2.1.0 log as a flat list of `{tool, rule, level, message, file, line}`,
 * `file` and `line` where the finding has a place. `level` defaults as section 3.27.10 of the standard says.
 * @throws Failure `OutputInvalid` where the document has no `runs`.
 */
export function sarif(log: Json): Json {
  const runs = member(log, 'runs');
  if (!Array.isArray(runs))
    throw new Failure('OutputInvalid', 'the output is no SARIF log: it has no list `runs`');
  return list(runs).flatMap((run) => {
    const driver = member(member(run, 'tool'), 'driver');
    const rules = list(member(driver, 'rules'));
    return list(member(run, 'results')).map((result) => finding(driver, rules, result));
  });
}

function finding(driver: Json | undefined, rules: readonly Json[], result: Json): JsonObject {
  const index = member(result, 'ruleIndex') ?? member(member(result, 'rule'), 'index');
  const named = member(result, 'ruleId') ?? member(member(result, 'rule'), 'id');
  const rule = typeof index === 'number' ? rules[index] : rules.find((each) => member(each, 'id') === named);
  const place = member(list(member(result, 'locations'))[0], 'physicalLocation');
  const file = member(member(place, 'artifactLocation'), 'uri');
  const line = member(member(place, 'region'), 'startLine');
  const level = member(result, 'level') ?? member(member(rule, 'defaultConfiguration'), 'level') ?? 'warning';
  return {
    tool: member(driver, 'name') ?? '',
    rule: named ?? member(rule, 'id') ?? '',
    level,
    message: member(member(result, 'message'), 'text') ?? '',
    ...(typeof file === 'string' && { file }),
    ...(typeof line === 'number' && { line }),
  };
}

function member(value: Json | undefined, key: string): Json | undefined {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, key) ? (value as JsonObject)[key] : undefined;
}
const list = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);
