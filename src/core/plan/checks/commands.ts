import { carriersOf, type Draft, placeOf } from '../draft.js';
import type { Path, Problems } from '../problems.js';
import { dashed, dashMessage } from '../render.js';
import type { Surroundings } from '../surroundings.js';
import { hasTemplate } from '../template.js';
import { renderStatic } from './overlaps.js';

/** Commands exist, and no argument turns into an option because of what a parameter holds. */
export async function checkCommands(
  draft: Draft,
  folder: string | undefined,
  surroundings: Surroundings,
  problems: Problems,
): Promise<void> {
  const commands: { readonly name: string; readonly path: Path }[] = [];
  for (const brief of draft.briefs.flatMap(carriersOf)) {
    const { run, accept, allowDash } = brief;
    const at = placeOf(brief);
    for (const [i, argument] of (run ?? []).entries()) {
      const path = [...at, 'run', i];
      const rendered = renderStatic(draft, argument);
      if (rendered === undefined) continue;
      if (i === 0) commands.push({ name: rendered, path });
      else if (!allowDash && dashed(argument, rendered))
        problems.error(path, dashMessage(argument, rendered));
    }
    for (const [i, { command }] of [accept ?? []].flat().entries()) {
      const path = [...at, 'accept', ...(Array.isArray(accept) ? [i] : []), 'command'];
      if (command) commands.push({ name: command[0]!, path: [...path, 0] });
      checkPlain(command ?? [], path, problems);
    }
  }
  const verify = draft.document.integrate?.verify;
  if (verify) commands.push({ name: verify[0]!, path: ['integrate', 'verify', 0] });
  checkPlain(verify ?? [], ['integrate', 'verify'], problems);

  const names = [...new Set(commands.map(({ name }) => name))];
  const exists = new Map(
    await Promise.all(
      names.map(async (name) => [name, await surroundings.commandExists(name, folder)] as const),
    ),
  );
  for (const { name, path } of commands) {
    if (exists.get(name)) continue;
    const where = name.includes('/') ? "in the plan's folder" : 'on PATH';
    problems.error(path, `there is no command \`${name}\` ${where}. Install it, or correct the name.`);
  }
}

/** Acceptance and verification get what they judge on standard input; their arguments stay as they are. */
function checkPlain(argv: readonly string[], path: Path, problems: Problems): void {
  for (const [i, argument] of argv.entries()) {
    if (hasTemplate(argument))
      problems.error([...path, i], 'no templates here: the value comes on standard input.');
  }
}
