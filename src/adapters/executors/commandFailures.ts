import { existsSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { Failure, type FailureDetail } from '../../core/outcome/failure.js';
import type { RunWork } from '../../core/plan/render.js';
import type { Task } from '../../ports/executor.js';

/** Characters of standard error that a message carries. */
const LAST_WORDS = 200;

/** What the machine may have more of later. */
const PASSING: ReadonlySet<string> = new Set(['EAGAIN', 'EDQUOT', 'EMFILE', 'ENFILE', 'ENOMEM', 'ENOSPC']);

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

/** A command that ran and ended otherwise than `okExit` says. */
export function commandFailed(
  { label, work }: Pick<Task<RunWork>, 'label' | 'work'>,
  { code, signal, stderr }: Ended,
  left: FailureDetail,
): Failure {
  const how = code === null ? `was killed by ${signal}` : `ended with exit code ${code}`;
  const next =
    code === null
      ? signal === 'SIGKILL'
        ? 'It may have run out of memory; lower the concurrency or give it less to do.'
        : 'Run it by hand to see why.'
      : `Run it by hand to see why, or list ${code} under \`okExit\` if it means success.`;
  return new Failure(
    'CommandFailed',
    `${label}: ${shown(work.argv)} ${how}${lastWords(stderr)} ${next}`,
    // It did not end by itself: nobody knows how far it came.
    { ...left, ...(code === null && { uncertain: true }) },
  );
}

/** A command that never ran. Only what the machine may have more of later is worth another try. */
export function notStarted(
  { label, work }: Pick<Task<RunWork>, 'label' | 'work'>,
  cwd: string,
  cause: unknown,
): Failure {
  const { code = '', syscall, message } = cause as NodeJS.ErrnoException;
  const [file = ''] = work.argv;
  const why =
    syscall === 'mkdtemp'
      ? `no folder could be made for it to run in: ${message}. Make room there, or set TMPDIR to a folder that can be written.`
      : !existsSync(cwd)
        ? `its folder ${cwd} does not exist. Create it, or start from the folder that has it.`
        : code === 'ENOENT'
          ? `there is no command \`${shorten(file, 80)}\` on this worker. Install it, or check its name and PATH.`
          : code === 'EACCES'
            ? `\`${shorten(file, 80)}\` may not be run. Make it executable (chmod +x), or name its interpreter first.`
            : code === 'E2BIG'
              ? 'its arguments are too long for this system. Give them by `stdin`.'
              : `${shown(work.argv)} could not be started: ${message}.`;
  return new Failure('CommandFailed', `${label}: ${why}`, {
    permanent: !PASSING.has(code),
    cause,
  });
}

const shown = (argv: readonly string[]): string => `\`${shorten(argv.join(' '), 80)}\``;

const shorten = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length - 1)}…`;

/** The last lines of standard error, as one line. */
function lastWords(stderr: string): string {
  const text = stripVTControlCharacters(stderr)
    .replace(/\s*\n\s*/g, ' | ')
    .replace(/^[ |]+|[ |.]+$/g, '');
  if (text === '') return ' and said nothing on standard error.';
  return `, saying: ${text.length <= LAST_WORDS ? text : `…${text.slice(-LAST_WORDS)}`}.`;
}
