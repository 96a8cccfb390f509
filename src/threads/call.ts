import { receiveMessageOnPort } from 'node:worker_threads';
import type { CallTask } from '../adapters/executors/call.js';
import { type CallFunction, callFunction, type Reply } from '../adapters/executors/callFunction.js';
import type { SaidTool } from '../adapters/tools/functionTools.js';

/** Entry of a thread that calls one function of the user's module. */
export default async function call({ port, functions, inline, ...given }: CallTask): Promise<Reply> {
  try {
    const registered = functions === undefined ? new Map<string, CallFunction>() : await load(functions);
    if (registered instanceof Error) {
      const message = `${given.label}: the module of functions ${functions} does not load: ${registered.message}`;
      return { failure: { type: 'CallFailed', message, permanent: true } };
    }
    // What was sent while this waited for its thread: nothing may begin any more.
    if (receiveMessageOnPort(port)) throw new Error('stopped before it began');
    const controller = new AbortController();
    port.on('message', () => controller.abort());
    const progress = (told: unknown) => port.postMessage(told);
    return await callFunction(registered, given, { signal: controller.signal, progress }, inline);
  } finally {
    port.close();
  }
}

/** @throws whatever the module throws while it loads */
export async function functionNames(functions: string): Promise<string[]> {
  const registered = await load(functions);
  if (registered instanceof Error) throw registered;
  return [...registered.keys()];
}

/** What each says of itself as a tool, as plain data. @throws whatever the module throws while it loads */
export async function saidTools(functions: string): Promise<SaidTool[]> {
  const registered = await load(functions);
  if (registered instanceof Error) throw registered;
  return [...registered].map(([name, { tool }]) => ({
    name,
    ...(tool !== undefined && { tool: JSON.parse(JSON.stringify(tool)) }),
  }));
}

/** The functions that a module exports by name, or why it does not load. */
async function load(url: string): Promise<Map<string, CallFunction> | Error> {
  try {
    const exported = Object.entries((await import(url)) as { [name: string]: unknown });
    return new Map(
      exported.filter((entry): entry is [string, CallFunction] => typeof entry[1] === 'function'),
    );
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
