import { resolve } from 'node:path';
import { commandOf, reportOf } from './command.mjs';

/**
 * A reviewer that applies Oxlint's default rules.
 * @throws Error where Oxlint cannot parse the file.
 */
export async function oxlint(path) {
  const args = ['--format=json', '--no-ignore', '--disable-nested-config', resolve(path)];
  const { diagnostics } = await reportOf(commandOf('oxlint', 'oxlint'), args);
  return diagnostics.map(({ code, severity, message, labels }) => {
    const { line } = labels[0].span;
    const [, scope, name] = /^([^(]+)\(([^)]+)\)$/.exec(code ?? '') ?? [];
    if (!name) throw new Error(`line ${line}: ${message}`);
    // Oxlint says itself which rules it took over from ESLint: they keep their names, so that both can be compared.
    const own = scope === 'eslint';
    return {
      line,
      rule: own ? name : `${scope}/${name}`,
      severity,
      message,
      source: own ? 'eslint' : `oxlint ${scope}`,
    };
  });
}
