import { isObject } from '../../core/outcome/canonical.js';
import { Failure } from '../../core/outcome/failure.js';
import { validator } from '../../core/plan/validate.js';
import type { Tool } from '../../ports/tools.js';
import { allowedTool, type Policy } from '../executors/policy.js';

/** A function, and what it says of itself as a tool: plain data, from whoever wrote it. */
export interface SaidTool {
  readonly name: string;
  /** Absent: it says nothing. */
  readonly tool?: unknown;
}

const NAME = /^[a-z][A-Za-z0-9_]*$/;
const WANTED = '`{ description: "…", input: { type: "object", … } }`, a JSON Schema of what it takes';

/**
 * The functions that a policy lets models call, as tools.
 * @throws Failure `InvalidInput` where one that it names is none
 */
export function functionTools(said: readonly SaidTool[], policy: Policy): readonly Tool[] {
  const { functions } = policy.tools;
  const problems: string[] = [];
  if (functions !== '*')
    for (const name of functions)
      if (!said.some((one) => one.name === name))
        problems.push(`there is no function \`${name}\` on this worker.`);
  const tools = said.flatMap(({ name, tool }): Tool[] => {
    if (!allowedTool(policy, name) || (tool === undefined && functions === '*')) return [];
    const wrong = flawOf(name, tool);
    if (wrong !== undefined) problems.push(wrong);
    const { description, input } = (tool ?? {}) as Tool;
    return wrong === undefined ? [{ name, description, input, by: { function: name } }] : [];
  });
  if (problems.length > 0)
    throw new Failure(
      'InvalidInput',
      ['What the policy offers models as tools will not do:', ...problems].join('\n  '),
    );
  return tools;
}

function flawOf(name: string, tool: unknown): string | undefined {
  if (!NAME.test(name))
    return `\`${name}\`: a tool is called by letters, digits and \`_\`, a small letter first.`;
  const given = tool as { readonly description?: unknown; readonly input?: unknown } | undefined;
  if (
    typeof given?.description !== 'string' ||
    given.description.trim() === '' ||
    !isObject(given.input as never)
  )
    return `\`${name}\` does not say what it takes: give it a property \`tool\`, ${WANTED}.`;
  const { input } = given as Tool;
  if (input.type !== 'object')
    return `\`${name}.tool.input\`: a tool takes an object; write \`type: "object"\`.`;
  try {
    validator(input);
    return undefined;
  } catch (error) {
    return `\`${name}.tool.input\`: ${(error as Error).message}.`;
  }
}
