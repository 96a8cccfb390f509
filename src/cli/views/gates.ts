import type { Gate } from '../../client.js';
import { clean, cut } from './columns.js';
import type { Look } from './look.js';
import { span, thousands } from './quantities.js';

interface Asking {
  readonly gate: Gate;
  /** ms since the epoch. */
  readonly now: number;
  /** All that is shown, however long. */
  readonly whole: boolean;
}

/** Lines of each need, unless the whole is wanted. */
const MOST_LINES = 20;

/** Enough of a digest to tell what is asked from anything else. */
export const shortDigest = ({ digest }: Gate): string => digest.slice(0, 12);

/** What a gate asks and shows, and how to answer. */
export function gateView({ gate, now, whole }: Asking, look: Look): string[] {
  const { run, brief, title, question, context, since, until } = gate;
  const { paint, width } = look;
  const times = [
    `asked ${span(Math.max(0, now - since))} ago`,
    ...(until === undefined ? [] : [`waits ${span(Math.max(0, until - now))} more`]),
  ].join(', ');
  const name = `${clean(brief)}${title === undefined ? '' : `: ${clean(title)}`}`;
  const command = (word: string) =>
    `   muster ${word} ${clean(run)} ${quoted(brief)} --digest ${shortDigest(gate)}`;
  return [
    `${paint.bold(cut(name, width - 30))}  ${paint.dim(times)}`,
    '',
    ...textLines(question).map((line) => `  ${line}`),
    ...context.flatMap(({ need, status, output }) => [
      '',
      `  ${paint.bold(clean(need))} ${paint.dim(status)}`,
      ...cutLines(outputLines(output), whole, `muster gates ${clean(run)} ${quoted(brief)}`).map(
        (line) => `    ${line}`,
      ),
    ]),
    '',
    command('approve'),
    `${command('reject')} --note WHY`,
  ];
}

/** Not wrapped: the terminal does that, and spaces stay as they are. Nothing written there reaches it as anything but text. */
const textLines = (text: string): string[] => text.split(/\r?\n/).map(clean);

const outputLines = (output: Gate['context'][number]['output']): string[] =>
  output === null
    ? ['nothing']
    : textLines(typeof output === 'string' ? output : JSON.stringify(output, null, 2));

function cutLines(lines: readonly string[], whole: boolean, rest: string): readonly string[] {
  if (whole || lines.length <= MOST_LINES) return lines;
  return [
    ...lines.slice(0, MOST_LINES - 1),
    `… ${thousands(lines.length - MOST_LINES + 1)} more lines: ${rest}`,
  ];
}

/** As a shell wants it: the brackets of an instance, and whatever its key holds. */
const quoted = (label: string): string =>
  /^[\w.-]+$/.test(label) ? label : `'${clean(label).replaceAll("'", "'\\''")}'`;
