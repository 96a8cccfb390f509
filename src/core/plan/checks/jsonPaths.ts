import { compile as compileJsonPath, JSONPathError } from 'json-p3';
import type { Path, Problems } from '../problems.js';

export function checkJsonPath(query: string, path: Path, problems: Problems): void {
  try {
    compileJsonPath(query);
  } catch (error) {
    if (!(error instanceof JSONPathError)) throw error;
    problems.error(
      path,
      `\`${query}\` is no JSONPath (RFC 9535): ${error.message}. It begins with \`$\`, as in \`$.rows[*]\`.`,
    );
  }
}
