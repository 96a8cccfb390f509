import type { ChatCompletionChunk, ChatCompletionCreateParams } from 'openai/resources';
import type { Message, ToolCall } from '../../core/plan/prompt.js';
import type { AskWork } from '../../core/plan/render.js';

/** A message as an endpoint takes it. */
export function messageParam({ role, content, calls, of = '' }: Message) {
  if (role === 'tool') return { role, content, tool_call_id: of };
  if (!calls || role !== 'assistant') return { role, content };
  const tool_calls = calls.map(({ id, name, input }) => ({
    ...{ id, type: 'function' as const },
    function: { name, arguments: input },
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

type Delta = NonNullable<ChatCompletionChunk['choices'][number]['delta']['tool_calls']>[number];

/** Calls come in pieces, each with the place of the call that it belongs to. */
export function callsOf() {
  const calls: { id: string; name: string; input: string }[] = [];
  return {
    take(pieces: readonly Delta[]): void {
      for (const { index = Math.max(0, calls.length - 1), id, function: said } of pieces) {
        calls[index] ??= { id: '', name: '', input: '' };
        const call = calls[index];
        if (id) call.id = id;
        call.name += said?.name ?? '';
        call.input += said?.arguments ?? '';
      }
    },
    /** Those that were named; an endpoint that gives a call no id gets one. */
    all: (): readonly ToolCall[] =>
      calls.flatMap((call, n) => (call?.name ? [{ ...call, id: call.id || `call_${n + 1}` }] : [])),
  };
}
