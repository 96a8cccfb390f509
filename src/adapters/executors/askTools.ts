import type { ChatCompletionChunk, ChatCompletionCreateParams } from 'openai/resources';
import { isObject, type Json } from '../../core/outcome/canonical.js';
import type { Message, ToolCall } from '../../core/plan/prompt.js';
import type { AskWork } from '../../core/plan/render.js';
import { plainName } from '../../core/plan/tools.js';

/** A message as every endpoint takes it: some take no other names, and nothing that is no JSON object, in what was called. */
export function messageParam({ role, content, calls, of = '' }: Message) {
  if (role === 'tool') return { role, content, tool_call_id: of };
  if (!calls || role !== 'assistant') return { role, content };
  const tool_calls = calls.map(({ id, name, input }) => ({
    ...{ id, type: 'function' as const },
    function: { name: plainName(name), arguments: isInput(input) ? input : '{}' },
  }));
  return { role, content: content === '' ? null : content, tool_calls };
}

export function toolParams({
  tools,
  answerNow,
}: AskWork): Pick<ChatCompletionCreateParams, 'tools' | 'tool_choice'> {
  if (!tools) return {};
  return {
    tools: tools.map(({ name, description, input }) => ({
      type: 'function',
      function: { name, description, parameters: { ...input } },
    })),
    ...(answerNow && { tool_choice: 'none' }),
  };
}

function isInput(text: string): boolean {
  try {
    return isObject(JSON.parse(text) as Json);
  } catch {
    return false;
  }
}

type Delta = NonNullable<ChatCompletionChunk['choices'][number]['delta']['tool_calls']>[number];

/**
 * Calls come in pieces, each with the place of the call that it belongs to. Some endpoints give no places, or all calls the
 * same: another id, or a name after what was to be called with, begins another call.
 */
export function callsOf() {
  const calls: { id: string; name: string; input: string }[] = [];
  const latest = new Map<number | undefined, (typeof calls)[number]>();
  return {
    take(pieces: readonly Delta[]): void {
      for (const { index, id, function: said } of pieces) {
        let call = latest.get(index);
        const isOther = call && (id ? call.id !== '' && call.id !== id : said?.name && call.input !== '');
        if (!call || isOther) {
          call = { id: '', name: '', input: '' };
          calls.push(call);
          latest.set(index, call);
        }
        if (id) call.id = id;
        call.name += said?.name ?? '';
        call.input += said?.arguments ?? '';
      }
    },
    /** Those that were named; an endpoint that gives a call no id gets one. */
    all: (): readonly ToolCall[] =>
      calls.flatMap((call, n) => (call.name ? [{ ...call, id: call.id || `call_${n + 1}` }] : [])),
  };
}
