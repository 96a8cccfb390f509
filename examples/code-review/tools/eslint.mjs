import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { Linter } from 'eslint/universal';
import globals from 'globals';

const surroundings = {
  files: ['**/*'],
  linterOptions: { reportUnusedDisableDirectives: 'off' },
  languageOptions: {
    globals: { ...globals.node, ...globals.browser },
    parserOptions: { ecmaFeatures: { jsx: true } },
  },
};

/**
 * A reviewer that applies rule sets of ESLint. What comments in the source ask of ESLint is respected.
 * @throws Error where ESLint calls a problem fatal: it could not read the file as its author meant it.
 */
export const eslint = (ruleSets) => async (path) => {
  const text = await readFile(path, 'utf8');
  const lint = (sourceType) =>
    new Linter().verify(text, [surroundings, ...ruleSets, { languageOptions: { sourceType } }]);
  const messages = lint(extname(path) === '.cjs' ? 'commonjs' : 'module');
  const broken = messages.find(({ fatal }) => fatal);
  if (broken) throw new Error(`line ${broken.line}: ${broken.message}`);
  return messages.map(({ ruleId, line, severity, message }) => ({
    line,
    rule: ruleId,
    severity: severity === 2 ? 'error' : 'warning',
    message,
    source: ruleId.includes('/') ? `eslint-plugin-${ruleId.split('/')[0]}` : 'eslint',
  }));
};
