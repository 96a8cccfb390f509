import type { Coverage } from '../checks/finding.js';
import type { Unsupported } from '../support.js';
import { counted } from '../words.js';
import type { Ink } from './ink.js';

/** `3 statements of which something is not found`; undefined where all is. */
export const unsupportedInAll = ({ unsupported = [] }: Coverage): string | undefined =>
  unsupported.length === 0
    ? undefined
    : `${counted(unsupported.length, 'statement')} of which something is not found`;

/** What of a statement is not found, and why that is said: ``figure `1,300` (about another subject)``. */
export const notFound = <T>({ findings }: Pick<Unsupported, 'findings'>, { say, code, joined }: Ink<T>): T =>
  joined(
    findings.map(({ token, kind, why }) =>
      token === '' ? say`${why}` : say`${kind} ${code(token)} (${why})`,
    ),
    '; ',
  );
