import { describe, expect, it } from 'vitest';
import { OPEN_POLICY } from '../../../src/adapters/executors/policy.js';
import { functionTools, type SaidTool } from '../../../src/adapters/tools/functionTools.js';

const tool = {
  description: 'Finds pages.',
  input: { type: 'object', properties: { query: { type: 'string' } } },
};
const said: readonly SaidTool[] = [{ name: 'search', tool }, { name: 'plain' }, { name: 'Odd', tool }];
const offered = (functions: '*' | readonly string[], given = said) =>
  functionTools(given, { ...OPEN_POLICY, tools: { functions, mcp: {} } });

describe('a function', () => {
  it('is a tool where the policy names it and it says what it takes; unless told none is', () => {
    expect(offered(['search'])).toEqual([{ name: 'search', ...tool, by: { function: 'search' } }]);
    expect(functionTools(said, OPEN_POLICY)).toEqual([]);
  });

  it('that says nothing of itself as a tool is left out where all are allowed', () => {
    expect(offered('*', said.slice(0, 2)).map(({ name }) => name)).toEqual(['search']);
  });

  it.each([
    [['serach'], said, 'there is no function `serach` on this worker.'],
    [['plain'], said, '`plain` does not say what it takes: give it a property `tool`'],
    [['Odd'], said, '`Odd`: a tool is called by letters'],
    [['a'], [{ name: 'a', tool: { description: ' ', input: {} } }], 'does not say what it takes'],
    [['a'], [{ name: 'a', tool: { description: 'x', input: { type: 'string' } } }], 'a tool takes an object'],
    [
      ['a'],
      [{ name: 'a', tool: { description: 'x', input: { type: 'object', properties: 7 } } }],
      'this is no JSON Schema',
    ],
  ])('that will not do as one keeps the worker from starting, and says why: %s', (names, given, says) =>
    expect(() => offered(names, given)).toThrow(says),
  );
});
