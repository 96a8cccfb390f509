import type { Redactor } from '../../ports/redactor.js';

/** All that this process and its threads print goes into a log, also how it ends: from now on without secrets. */
export function guardProcess(redactor: Redactor): void {
  guardOutput(redactor, [process.stdout, process.stderr]);
  // Node itself prints what nobody caught past the streams, with all that it carries.
  process.on('uncaughtException', (error: unknown) => {
    const hidden = redactor.error(error);
    process.stderr.write(`${hidden instanceof Error ? hidden.stack : String(hidden)}\n`, () =>
      process.exit(1),
    );
  });
}

export function guardOutput(redactor: Redactor, streams: readonly NodeJS.WritableStream[]): void {
  for (const stream of streams) {
    const write = stream.write.bind(stream) as (chunk: unknown, ...rest: unknown[]) => boolean;
    /** What was written last did not end a line: what comes may go on with a secret. */
    let open = false;
    stream.write = (chunk: Uint8Array | string, ...rest: unknown[]) => {
      const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
      const begun = open ? redactor.text(text, 'start') : text;
      const hidden = redactor.text(begun, 'end');
      open = !text.endsWith('\n');
      // What holds none goes on as it came: half a character is no text.
      return write(hidden === text ? chunk : hidden, ...rest);
    };
  }
}
