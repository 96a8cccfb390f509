import { describe, expect, it } from 'vitest';
import { Failure } from '../../../src/core/outcome/failure.js';
import { parseOutput } from '../../../src/core/plan/parse.js';

describe('an output is read as', () => {
  it('text, to the last character', () => {
    expect(parseOutput(' a\n', 'text')).toBe(' a\n');
  });
  it('lines; the last end of line begins no further one', () => {
    expect(parseOutput('a\r\n\nb\n', 'lines')).toEqual(['a', '', 'b']);
    expect(parseOutput('', 'lines')).toEqual([]);
  });
  it('JSON, a byte order mark aside', () => {
    expect(parseOutput('\uFEFF{"a": [1]}\n', 'json')).toEqual({ a: [1] });
  });
  it('JSONL, blank lines aside', () => {
    expect(parseOutput('{"a":1}\n\n2\r\n', 'jsonl')).toEqual([{ a: 1 }, 2]);
  });
});

describe('SARIF gives a flat list of findings', () => {
  const log = (run: object) => JSON.stringify({ version: '2.1.0', runs: [run] });

  it('each with tool, rule, level, message and place', () => {
    const text = log({
      tool: { driver: { name: 'lint', rules: [{ id: 'no-x', defaultConfiguration: { level: 'error' } }] } },
      results: [
        {
          ruleId: 'no-x',
          message: { text: 'an x' },
          locations: [
            { physicalLocation: { artifactLocation: { uri: 'src/a.js' }, region: { startLine: 3 } } },
          ],
        },
        { ruleIndex: 0, level: 'note', message: { text: 'another' } },
        { message: {} },
      ],
    });
    expect(parseOutput(text, 'sarif')).toEqual([
      { tool: 'lint', rule: 'no-x', level: 'error', message: 'an x', file: 'src/a.js', line: 3 },
      { tool: 'lint', rule: 'no-x', level: 'note', message: 'another' },
      { tool: 'lint', rule: '', level: 'warning', message: '' },
    ]);
  });

  it('of every run, a run without results none', () => {
    expect(parseOutput(log({ tool: { driver: { name: 'lint' } } }), 'sarif')).toEqual([]);
  });
});

describe('JUnit gives a flat list of cases', () => {
  it('with suite, name, status, message, file and time, however deep the suites nest', () => {
    const text = `<?xml version="1.0"?>
      <testsuites><testsuite name="outer"><testsuite name="inner">
        <testcase name="works" classname="a.B" time="0.5"/>
        <testcase name="breaks" file="b.js"><failure message="1 &lt; 2&#10;3">trace</failure></testcase>
        <testcase name="blows up"><error>the &amp; text</error></testcase>
        <testcase name="later"><skipped/></testcase>
      </testsuite></testsuite></testsuites>`;
    expect(parseOutput(text, 'junit')).toEqual([
      { suite: 'a.B', name: 'works', status: 'passed', message: '', time: 0.5 },
      { suite: 'inner', name: 'breaks', status: 'failed', message: '1 < 2\n3', file: 'b.js' },
      { suite: 'inner', name: 'blows up', status: 'error', message: 'the & text' },
      { suite: 'inner', name: 'later', status: 'skipped', message: '' },
    ]);
  });
  it('and does not follow entities into entities', () => {
    const bomb = `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><testsuite><testcase name="&b;"/></testsuite>`;
    expect(parseOutput(bomb, 'junit')).toMatchObject([{ name: '&b;' }]);
  });
  it('of a suite without cases none', () => {
    expect(parseOutput('<testsuite name="x"></testsuite>', 'junit')).toEqual([]);
  });
});

describe('an output is rejected as `OutputInvalid` where it is', () => {
  it.each([
    ['no JSON', 'oops', 'json', 'the output is not JSON'],
    ['empty', '', 'json', 'it is empty'],
    ['no JSON in one line', '1\n{', 'jsonl', 'line 2 of the output is not JSON'],
    ['nested without end', '['.repeat(600) + ']'.repeat(600), 'json', 'deeper than 500 levels'],
    ['no SARIF', '{}', 'sarif', 'no list `runs`'],
    ['no XML', '<a', 'junit', 'not XML'],
    ['no JUnit', '<html></html>', 'junit', 'no `testsuite`'],
    [
      'nested XML without end',
      `<testsuite>${'<testsuite>'.repeat(20_000)}${'</testsuite>'.repeat(20_001)}`,
      'junit',
      'Maximum nested tags exceeded',
    ],
    [
      'XML whose entities swell',
      `<!DOCTYPE x [<!ENTITY a "${'x'.repeat(9_000)}">]><testsuite name="${'&a;'.repeat(900)}"/>`,
      'junit',
      'limit exceeded',
    ],
  ] as const)('%s', (_, text, parse, says) => {
    const act = () => parseOutput(text, parse);
    expect(act).toThrow(Failure);
    expect(act).toThrow(says);
    expect(act).toThrow(expect.objectContaining({ type: 'OutputInvalid' }));
  });
});
