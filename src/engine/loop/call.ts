import { cut } from '../../core/integrate/words.js';
import { isObject, type Json, type JsonObject } from '../../core/outcome/canonical.js';
import { Failure } from '../../core/outcome/failure.js';
import { suspects } from '../../core/outcome/fold.js';
import type { ToolCall } from '../../core/plan/prompt.js';
import type { CallWork, McpWork } from '../../core/plan/render.js';
import { validator } from '../../core/plan/validate.js';
import type { Executor } from '../../ports/executor.js';
import type { Told } from '../../ports/tools.js';
import { encodeValue } from '../artifacts.js';
import { leave, say } from '../endings.js';
import type { Effects, Ended } from '../lease.js';
import type { Tried } from '../makeTry.js';
import { readState } from '../segments.js';
import { reasonOf, verdictOf } from '../tries.js';
import type { Under, Unit } from '../unit.js';
import { stepAt, turnIn } from './conversation.js';
import type { LoopTool } from './start.js';
import { carryOut, openStep, type Step, type StepLease, trying } from './step.js';

/** Characters of what a model is told of one call. */
const LONGEST = 50_000;
/** Holders that fell silent before a function gets a process of its own. */
const SUSPECTS = 2;

/**
 * Carries out one call. Whatever comes of it, the model is told: a call that fails ends no loop.
 * @throws Failure `StoreUnavailable`, `Superseded`
 */
export async function makeCall(
  lease: StepLease & { readonly call: number },
  effects: Effects,
): Promise<Ended> {
  const step = await openStep(lease, effects);
  const { unit, start, of } = step;
  const turn = await turnIn(
    effects.store,
    await readState(effects.store, stepAt(of, lease.number, lease.turn)),
  );
  const call = turn!.calls![lease.call - 1]!;
  return carryOut(unit, async (under) => {
    const tool = named(start.tools, call.name);
    const input = tool ? inputOf(call, tool) : unknown(call, start.tools);
    if (!tool || input instanceof Failure) return tell(unit, under, { failure: input as Failure });
    const key = effects.digest(`${start.key} turn ${lease.turn} call ${lease.call}`);
    const { work, executor } = workOf(step, tool, input);
    const note = `turn ${lease.turn} · calls ${tool.name}`;
    const tried = await trying(step, under, { work, executor, key }, note);
    if (tried.failure?.type === 'Cancelled' && lease.signal.aborted) return leave(unit, under, tried);
    return tell(unit, under, tried);
  });
}

/** A role may say what a tool is called here, and not what the model knows it by. */
const named = (tools: readonly LoopTool[], name: string): LoopTool | undefined =>
  tools.find(({ offered }) => offered.name === name) ?? tools.find((tool) => tool.name === name);

/** Takes down what the model is to be told. */
function tell(unit: Unit, under: Under, { failure, output, usage }: Tried): Promise<Ended> {
  const said = failure
    ? { verdict: verdictOf(failure), reason: reasonOf(failure) }
    : { verdict: 'succeeded' as const };
  const told = failure
    ? encodeValue({ text: shown(bare(failure.message, unit.label)), isError: true })
    : encodeValue(shortened(JSON.parse(new TextDecoder().decode(output!.bytes)) as Told));
  return say(
    unit,
    under,
    { ...said, next: { status: failure ? 'failed' : 'succeeded' } },
    { output: told, ...(usage && { usage }) },
  );
}

/** Whose call it was is for people. */
const bare = (message: string, label: string): string =>
  message.startsWith(`${label}: `) ? message.slice(label.length + 2) : message;

const shortened = ({ text, isError }: Told) => ({ text: shown(text), ...(isError && { isError: true }) });

/** Nothing is left out in silence, and no character is cut in half: there are endpoints that take no half ones. */
const shown = (text: string): string =>
  text.length <= LONGEST
    ? text
    : `${text.slice(0, LONGEST).replace(/[\uD800-\uDBFF]$/, '')}\n[cut here: ${LONGEST.toLocaleString('en')} of ${text.length.toLocaleString('en')} characters are shown]`;

function workOf(
  { unit }: Step,
  { by }: LoopTool,
  input: JsonObject,
): { readonly work: CallWork | McpWork; readonly executor: Executor } {
  const { effects, brief, key, lease, log } = unit;
  if ('server' in by) return { work: { kind: 'mcp', ...by, input }, executor: effects.tools.mcp as Executor };
  const { id, title } = brief;
  const work: CallWork = {
    ...{ kind: 'call', name: by.function, input, tool: true },
    brief: { id, ...(key !== undefined && { key }), ...(title !== undefined && { title }) },
  };
  const crashing = suspects(log.state, lease.holder) >= SUSPECTS;
  return { work, executor: asTold(crashing ? effects.isolated : (effects.executors.call as Executor)) };
}

/** What a function returned, for a model to read. */
const asTold =
  (executor: Executor): Executor =>
  async (task) => {
    const { output, usage } = await executor(task);
    const value: Json = 'text' in output ? output.text : output.value;
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return { output: { value: { text } }, ...(usage && { usage }) };
  };

/** What a tool is called with. A schema that cannot be read is for the server to hold it against. */
function inputOf({ name, input }: ToolCall, { offered }: LoopTool): JsonObject | Failure {
  let value: Json;
  try {
    value = JSON.parse(input.trim() === '' ? '{}' : input) as Json;
  } catch (error) {
    return wrong(name, `is no JSON (${(error as Error).message}): ${cut(input, 200)}`);
  }
  if (!isObject(value)) return wrong(name, `is no JSON object: ${cut(input, 200)}`);
  const { $schema: _, ...schema } = offered.input;
  try {
    const found = validator(schema)(value);
    return found.length > 0
      ? wrong(name, `does not fit its schema: ${found.slice(0, 10).join('; ')}`)
      : value;
  } catch {
    return value;
  }
}

const wrong = (name: string, how: string): Failure =>
  new Failure('InvalidInput', `${name} was not called: what it was to be called with ${how}.`);

const unknown = ({ name }: ToolCall, tools: readonly LoopTool[]): Failure =>
  new Failure(
    'InvalidInput',
    `There is no tool ${name.slice(0, 80)}. There are: ${tools.map(({ offered }) => offered.name).join(', ')}.`,
  );
