import { expect, it } from 'vitest';
import { PLAIN } from '../../../src/cli/views/look.js';
import { problemsView, warningsView } from '../../../src/cli/views/problems.js';
import type { Problem } from '../../../src/core/plan/problems.js';

const error = (line: number | undefined, path: string, message: string): Problem => ({
  severity: 'error',
  path,
  message,
  ...(line === undefined ? {} : { line }),
});

it('says of each problem the line, the path, and what to do, in the order of the document', () => {
  const problems = [
    error(22, 'briefs[2].needs', 'cycle: verdict → dig → verdict. Remove one of these needs.'),
    error(14, 'briefs[1].needs[0]', 'no brief is called `explor`. Did you mean `explore`?'),
  ];
  expect(problemsView('framework-survey.yaml', problems, PLAIN).join('\n')).toBe(
    [
      'framework-survey.yaml: 2 problems, nothing was started',
      '',
      ' line 14  briefs[1].needs[0]   no brief is called `explor`. Did you mean',
      '                               `explore`?',
      ' line 22  briefs[2].needs      cycle: verdict → dig → verdict. Remove one of',
      '                               these needs.',
    ].join('\n'),
  );
});

it('shows a problem of the whole document without a place', () => {
  expect(
    problemsView('p.yaml', [error(undefined, '', 'the plan is empty. Begin it with `muster: 1`.')], PLAIN),
  ).toEqual(['p.yaml: 1 problem, nothing was started', '', ' the plan is empty. Begin it with `muster: 1`.']);
  expect(problemsView('p.yaml', [], PLAIN, { not: 'patched' })[0]).toMatch(/nothing was patched$/);
});

it('puts a path that is too long for a column on a line of its own', () => {
  const path = 'briefs[12].output.properties.findings.items';
  expect(
    problemsView('p.yaml', [error(3, path, 'is no schema.'), error(4, 'name', 'is missing.')], PLAIN),
  ).toEqual([
    'p.yaml: 2 problems, nothing was started',
    '',
    ` line 3  ${path}`,
    '           is no schema.',
    ' line 4  name   is missing.',
  ]);
});

it('shows twenty of many problems, and all of them where everything is wanted', () => {
  const many = Array.from({ length: 33 }, (_, i) => error(i + 1, 'a', 'b'));
  expect(problemsView('p.yaml', many, PLAIN).at(-1)).toBe(' … 13 more, all with -v');
  expect(problemsView('p.yaml', many, PLAIN, { all: true })).toHaveLength(35);
});

it('names the place of a warning as an editor can open it', () => {
  const warning: Problem = {
    severity: 'warning',
    line: 31,
    path: 'briefs[3].needs',
    message:
      '`licences` is needed by `verdict` but its output is never used there. Name it under `context:` or drop it from `needs:`.',
  };
  expect(warningsView('framework-survey.yaml', [warning], PLAIN)).toEqual([
    '   warning  framework-survey.yaml:31 `licences` is needed by `verdict` but its',
    '            output is never used there. Name it under `context:` or drop it from',
    '            `needs:`.',
  ]);
});

it('shows twenty of many warnings, too', () => {
  const many = Array.from({ length: 21 }, (): Problem => ({ severity: 'warning', path: 'a', message: 'b' }));
  expect(warningsView('p.yaml', many, PLAIN).slice(-2)).toEqual([
    '   warning  a b',
    ' … 1 more, all with -v',
  ]);
  expect(warningsView('p.yaml', many, PLAIN, true)).toHaveLength(21);
});
