import { z } from 'zod';
import { closed, whole } from './fields.js';
import { MOST_CALLS, MOST_TURNS, TOOL } from './tools.js';

const pattern = z
  .string()
  .regex(
    TOOL,
    'a tool is a function such as `search`, or one of an MCP server such as `files.read`; `files.*` is every tool that begins so.',
  );
const use = z.array(pattern);

/** Which tools a model may call, and how often. */
export const tools = z.union([
  use,
  closed({
    use: use
      .describe(
        'Names, or beginnings such as `files.*`; default what its role names. None where it is empty.',
      )
      .optional(),
    turns: whole(2, MOST_TURNS)
      .describe('Most answers of the model, the last of which calls no tool; default 20.')
      .optional(),
    calls: whole(1, MOST_CALLS).describe('Most calls in all; default 50.').optional(),
    parallel: whole(1, 20).describe('Most calls of one answer at a time; default 4.').optional(),
  }),
]);
