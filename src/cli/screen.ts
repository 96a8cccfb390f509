import { createLogUpdate } from 'log-update';
import pc from 'picocolors';
import { COLOURED, type Look, PLAIN } from './views/look.js';

/** How much, and for whom. */
export interface Wishes {
  /** One object is all of standard output. */
  readonly json?: boolean;
  /** Standard output is NDJSON of what changes. */
  readonly events?: boolean;
  readonly verbose?: boolean;
}

/**
 * Where a command's words go: the answer to standard output, and nowhere where that belongs to a machine; progress and
 * errors to standard error.
 */
export interface Screen {
  readonly wishes: Wishes;
  answer(view: (look: Look) => readonly string[]): void;
  progress(view: (look: Look) => readonly string[]): void;
  /** For a machine: nothing is written unless it was wished for. */
  object(value: unknown): void;
  event(value: object): void;
  /** A document as it is, to standard output. */
  raw(text: string): void;
  /** Updates in place; absent where progress does not go to a terminal. */
  readonly live?: Live;
}
export interface Live {
  draw(view: (look: Look & { readonly height: number }) => readonly string[]): void;
  /** Takes it away again. */
  clear(): void;
}

export interface Streams {
  readonly out: NodeJS.WriteStream;
  readonly err: NodeJS.WriteStream;
}

/** Lines of a file or a pipe are not cut to 80 columns. */
const NO_TERMINAL = 120;

export function createScreen(
  wishes: Wishes,
  { out, err }: Streams = { out: process.stdout, err: process.stderr },
): Screen {
  const machine = wishes.json || wishes.events;
  const say = (stream: NodeJS.WriteStream, view: (look: Look) => readonly string[]) =>
    stream.write(
      view(lookOf(stream))
        .map((line) => `${line}\n`)
        .join(''),
    );
  return {
    wishes,
    answer: (view) => void (machine || say(out, view)),
    progress: (view) => void say(err, view),
    object: (value) => void (wishes.json && out.write(`${JSON.stringify(value, null, 2)}\n`)),
    raw: (text) => void out.write(text.endsWith('\n') ? text : `${text}\n`),
    event: (value) => void (wishes.events && out.write(`${JSON.stringify(value)}\n`)),
    ...(err.isTTY ? { live: liveOn(err) } : {}),
  };
}

function lookOf(stream: NodeJS.WriteStream): Look {
  if (!stream.isTTY) return { ...PLAIN, width: NO_TERMINAL };
  return { width: stream.columns || PLAIN.width, paint: pc.isColorSupported ? COLOURED : PLAIN.paint };
}

function liveOn(stream: NodeJS.WriteStream): Live {
  const update = createLogUpdate(stream);
  let lines = 0;
  return {
    draw(view) {
      // The last line of the terminal stays free for the cursor.
      const frame = view({ ...lookOf(stream), height: (stream.rows || 24) - 1 });
      // log-update 7.2 leaves lines behind where a frame grows or shrinks above lines that stay the same.
      if (frame.length !== lines) update.clear();
      lines = frame.length;
      update(frame.join('\n'));
    },
    clear() {
      update.clear();
      update.done();
    },
  };
}
