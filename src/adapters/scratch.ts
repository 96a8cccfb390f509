import { closeSync, mkdirSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Scratch, Slot } from '../core/integrate/wide/scratch.js';
import { unavailable } from './stores/errno.js';
import { unique } from './stores/unique.js';

/** Bytes that are held before they are written. What is smaller in all never touches the disk. */
const HELD = 4 * 1024 * 1024;
/** Bytes that are read at a time: what lies one after the other is mostly read so. */
const WINDOW = 64 * 1024;

/**
 * Scratch in a file that has no name once it is open: whoever dies leaves nothing behind.
 * @param folder made if missing; on a disk rather than in memory
 * @throws Failure `StoreUnavailable` where it cannot be written
 */
export function fileScratch(folder: string, held = HELD, windowed = WINDOW): Scratch & { close(): void } {
  const buffer = Buffer.allocUnsafeSlow(held);
  const window = Buffer.allocUnsafeSlow(windowed);
  let filled = 0;
  let written = 0;
  let windowAt = -1;
  let windowEnd = -1;
  let file: number | undefined;

  function open(): number {
    mkdirSync(folder, { recursive: true });
    const path = join(folder, `scratch-${unique()}`);
    const opened = openSync(path, 'wx+', 0o600);
    unlinkSync(path);
    return opened;
  }

  function write(bytes: Uint8Array): void {
    try {
      file ??= open();
      for (let done = 0; done < bytes.length; )
        done += writeSync(file, bytes, done, bytes.length - done, written + done);
      written += bytes.length;
    } catch (error) {
      throw unavailable(error, `write what is being integrated to ${folder}`);
    }
  }

  function fill(into: Buffer, at: number, length: number): number {
    try {
      let done = 0;
      while (done < length) {
        const read = readSync(file!, into, done, length - done, at + done);
        if (read === 0) break;
        done += read;
      }
      return done;
    } catch (error) {
      throw unavailable(error, `read what is being integrated from ${folder}`);
    }
  }

  return {
    add(text): Slot {
      const length = Buffer.byteLength(text);
      if (filled + length > held) {
        write(buffer.subarray(0, filled));
        filled = 0;
      }
      const at = written + filled;
      if (length > held) write(Buffer.from(text));
      else filled += buffer.write(text, filled);
      return { at, length };
    },
    read({ at, length }) {
      if (at >= written) return buffer.toString('utf8', at - written, at - written + length);
      if (length > windowed) {
        const whole = Buffer.allocUnsafe(length);
        fill(whole, at, length);
        return whole.toString();
      }
      if (at < windowAt || at + length > windowEnd) {
        windowAt = at;
        windowEnd = at + fill(window, at, Math.min(windowed, written - at));
      }
      return window.toString('utf8', at - windowAt, at - windowAt + length);
    },
    close() {
      if (file !== undefined) closeSync(file);
      file = undefined;
    },
  };
}
