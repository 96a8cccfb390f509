import { systemClock } from '../../../src/adapters/clock.js';
import { askExecutor } from '../../../src/adapters/executors/ask.js';
import type { Json } from '../../../src/core/outcome/canonical.js';
import type { IntegrateEffects } from '../../../src/engine/integrateRun.js';

/** What a model is shown, as it goes over the wire. */
export interface Body {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly [name: string]: unknown;
}

/** What comes back: an answer as its text, or what else an endpoint does. */
export type Said =
  | { readonly text: string; readonly finish?: string; readonly refusal?: string }
  | Response
  | Error;

export const json = (value: Json): Said => ({ text: JSON.stringify(value) });

export const textShown = ({ messages }: Body): string => messages.map(({ content }) => content).join('\n');

/** A model that answers as a function says, behind the executor that Muster asks models with. */
export function endpoint(answer: (body: Body) => Said): {
  readonly ask: IntegrateEffects['executors']['ask'];
  /** All that it was asked. */
  readonly bodies: readonly Body[];
} {
  const bodies: Body[] = [];
  const fetch = async (_: unknown, init: { readonly body?: unknown } = {}): Promise<Response> => {
    const body = JSON.parse(String(init.body)) as Body;
    bodies.push(body);
    const said = answer(body);
    if (said instanceof Error) throw said;
    return said instanceof Response ? said : streamed(said, body.model);
  };
  const ask = askExecutor({
    baseURL: 'http://model.example/v1',
    apiKey: 'k',
    fetch: fetch as typeof globalThis.fetch,
  });
  return { ask, bodies };
}

function streamed(
  { text, finish = 'stop', refusal }: Exclude<Said, Response | Error>,
  model: string,
): Response {
  const chunk = (delta: object, finish_reason: string | null) =>
    `data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', created: 0, model, choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
  const pieces = [
    chunk({ role: 'assistant', content: text, ...(refusal !== undefined && { refusal }) }, null),
    ...(finish === 'broken off' ? [] : [chunk({}, finish)]),
    'data: [DONE]\n\n',
  ];
  return new Response(pieces.join(''), { headers: { 'content-type': 'text/event-stream' } });
}

/** Waits for nothing that is waited for between tries. */
export const hasty: IntegrateEffects['clock'] = {
  ...systemClock,
  after: (ms, then) => systemClock.after(ms <= 60_000 ? 0 : ms, then),
};
