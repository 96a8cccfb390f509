import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A bug of ours: the stack goes to a file, never to the terminal; to either as `text` leaves it. @returns the words, with the file to send */
export function bugReport(error: unknown, home: string, text: (given: string) => string): string[] {
  const folder = join(home, 'crashes');
  const file = join(folder, `${new Date().toISOString().replace(/[:.]/g, '-')}.txt`);
  const circumstances = `muster ${process.argv.slice(2).join(' ')}\nNode ${process.version}, ${process.platform}`;
  const said = text(error instanceof Error ? error.message : String(error));
  const words = [`This is a bug of Muster's, not yours: ${said}`];
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(file, text(`${circumstances}\n\n${traceOf(error)}\n`), { mode: 0o600 });
  } catch {
    return [...words, `The details should have gone to ${file}, which cannot be written.`];
  }
  return [...words, `Please report it, and send this file along: ${file}`];
}

function traceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined
    ? String(error.stack)
    : `${error.stack}\nCaused by: ${traceOf(error.cause)}`;
}
