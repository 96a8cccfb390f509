import type { Redactor } from '../../ports/redactor.js';

/** What this process and its threads print goes into a log: from now on without secrets. */
export function guardOutput(
  redactor: Redactor,
  streams: readonly NodeJS.WritableStream[] = [process.stdout, process.stderr],
): void {
  for (const stream of streams) {
    const write = stream.write.bind(stream) as (chunk: unknown, ...rest: unknown[]) => boolean;
    stream.write = (chunk: Uint8Array | string, ...rest: unknown[]) => {
      const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
      const hidden = redactor.text(text);
      // What holds none goes on as it came: half a character is no text.
      return write(hidden === text ? chunk : hidden, ...rest);
    };
  }
}
