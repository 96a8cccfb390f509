/** A brief for each item that asks a model for its number; how many tokens an answer says that it took. */
export const INPUT = 200;
export const OUTPUT = 20;

export const numbering = (items: number, more: object) => ({
  id: 'number',
  forEach: { in: Array.from({ length: items }, (_, n) => String(n)), max: items },
  ask: 'Which number has item {{ item }}?',
  output: {
    type: 'object',
    properties: { n: { type: 'integer' }, more: { type: 'string' } },
    required: ['n'],
    additionalProperties: false,
  },
  maxTokens: OUTPUT,
  heartbeat: '2s',
  ...more,
});

/** The item that a request is about. */
export const itemIn = (text: string): number => Number(/item (\d+)/.exec(text)?.[1]);
/** What is to be answered. */
export const right = (item: number): string => JSON.stringify({ n: item });
