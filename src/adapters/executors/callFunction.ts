import type { Json, JsonObject } from '../../core/outcome/canonical.js';
import type { FailureType } from '../../core/outcome/failure.js';
import { didYouMean } from '../../core/plan/nearest.js';
import type { Progress } from '../../ports/executor.js';
import { notJson } from './notJson.js';
import { PROGRESS_MS, paced } from './paced.js';

/** What a `call` function gets. */
export interface CallContext {
  readonly input: Json;
  /** The brief's id, key and title. */
  readonly brief: JsonObject;
  /** What was wrong with what it gave before; absent: nothing. */
  readonly findings?: readonly string[];
  /** Counted from 1. */
  readonly try: number;
  /** The effect's idempotency key: the same when a crash makes this try run again. */
  readonly key: string;
  /** Its workspace, where it has one of its own; absolute. The process has one current folder for all, so use this. */
  readonly folder?: string;
  /** Aborts on cancellation and timeout; three seconds later the thread is ended. */
  readonly signal: AbortSignal;
  progress(progress: Progress): void;
}

/** A function of the user's. Returns a value that JSON can carry; what it throws fails the try. */
export type CallFunction = ((context: CallContext) => unknown) & {
  /** Of one that models may call as a tool, where the worker's policy says so. */
  readonly tool?: FunctionTool;
};

export interface FunctionTool {
  /** What it does and when to call it, for the model. */
  readonly description: string;
  /** JSON Schema (2020-12) of its `input`: of an object. */
  readonly input: JsonObject;
}

/** How a call ended, as plain data: it crosses from thread to thread. */
export type Reply = { readonly value: Json } | { readonly failure: CallFailure };
interface CallFailure {
  readonly type: FailureType;
  readonly message: string;
  readonly permanent?: boolean;
  /** What the function said of it, as it said it; a message has room for its beginning. */
  readonly said?: string;
  /** What was thrown, with its stack; for the log, never for a person. */
  readonly cause?: string;
}

/** What is given to a function, as plain data. */
export interface Given extends Omit<CallContext, 'signal' | 'progress'> {
  readonly label: string;
  readonly name: string;
}

/** Calls `functions[name]` and judges what it returns. Never throws. */
export async function callFunction(
  functions: ReadonlyMap<string, CallFunction>,
  { label, name, input, brief, findings, try: count, key, folder }: Given,
  { signal, progress }: Pick<CallContext, 'signal' | 'progress'>,
  registeredElsewhere: readonly string[] = [],
): Promise<Reply> {
  const fn = functions.get(name);
  if (!fn) {
    const known = [...functions.keys(), ...registeredElsewhere];
    return failure('CallFailed', `${label}: ${unknownFunction(name, known)}`, { permanent: true });
  }
  let value: unknown;
  try {
    value = await fn({
      input,
      brief,
      ...(findings && { findings }),
      try: count,
      key,
      ...(folder !== undefined && { folder }),
      signal,
      progress: paced(PROGRESS_MS, progress),
    });
  } catch (thrown) {
    const { message, stack } =
      thrown instanceof Error ? thrown : { message: String(thrown), stack: undefined };
    return failure('CallFailed', `${label}: the function \`${name}\` failed: `, {
      said: message,
      cause: stack ?? message,
    });
  }
  const flaw = notJson(value);
  return flaw === undefined
    ? { value: value as Json }
    : failure(
        'OutputInvalid',
        `${label}: the function \`${name}\` returned what JSON cannot carry: ${flaw}. Return plain data (null where there is nothing).`,
      );
}

export function unknownFunction(name: string, known: readonly string[]): string {
  const has = known.length === 0 ? 'none is registered' : `it has ${known.join(', ')}`;
  return `no function is called \`${name}\` on this worker; ${has}.${didYouMean(name, known)}`;
}

const failure = (
  type: FailureType,
  message: string,
  rest: Omit<CallFailure, 'type' | 'message'> = {},
): Reply => ({
  failure: { type, message, ...rest },
});
