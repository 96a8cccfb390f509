import { receiveMessageOnPort } from 'node:worker_threads';
import type { CallTask } from '../adapters/executors/call.js';
import { type CallFunction, callFunction, type Reply } from '../adapters/executors/callFunction.js';

/** Entry of a thread that calls one function of the user's module. */
export default async function call({ port, functions, inline, ...given }: CallTask): Promise<Reply> {
  const controller = new AbortController();
  const stop = () => controller.abort();
  try {
    const registered = functions === undefined ? new Map<string, CallFunction>() : await load(functions);
    // Cancelled while it waited for a thread: nothing may start.
    if (receiveMessageOnPort(port)) stop();
    controller.signal.throwIfAborted();
    port.on('message', stop);
    const progress = (told: unknown) => port.postMessage(told);
    return await callFunction(registered, given, { signal: controller.signal, progress }, inline);
  } catch (error) {
    return {
      failure: {
        type: 'CallFailed',
        message: `${given.label}: the module of functions ${functions} does not load: ${(error as Error).message}`,
        permanent: true,
      },
    };
  } finally {
    port.close();
  }
}

export const functionNames = async (functions: string): Promise<string[]> => [
  ...(await load(functions)).keys(),
];

/** The functions that a module exports by name. */
async function load(url: string): Promise<Map<string, CallFunction>> {
  const exported = Object.entries((await import(url)) as { [name: string]: unknown });
  return new Map(exported.filter((entry): entry is [string, CallFunction] => typeof entry[1] === 'function'));
}
