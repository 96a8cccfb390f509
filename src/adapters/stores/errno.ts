import { Failure } from '../../core/outcome/failure.js';

/** Whether the file system refused with one of these codes. */
export const isCode = (error: unknown, ...codes: readonly string[]): boolean =>
  error instanceof Error && codes.includes(String((error as NodeJS.ErrnoException).code));

const ADVICE: { readonly [code: string]: string } = {
  ENOSPC: 'The disk is full: free some space.',
  EDQUOT: 'The disk quota is used up: free some space.',
  EROFS: 'The file system is read-only: point MUSTER_HOME at a folder that can be written.',
  EACCES: 'Permission is denied: give this user the folder, or point MUSTER_HOME at another.',
  EPERM: 'The file system may not support hard links: point MUSTER_HOME at a local disk.',
  ENOTSUP: 'The file system does not support hard links: point MUSTER_HOME at a local disk.',
  EIO: 'The disk reports an error: check it.',
  EMFILE: 'Too many files are open: raise the limit (ulimit -n).',
  ENFILE: 'Too many files are open on this machine.',
};

/** What the file system refused, as a failure that says what to do. */
export function unavailable(cause: unknown, doing: string): Failure {
  const code = (cause as NodeJS.ErrnoException).code ?? '';
  const advice = ADVICE[code] ?? 'Check the folder and its disk.';
  return new Failure(
    'StoreUnavailable',
    `The store could not ${doing} (${code || String(cause)}). ${advice} What was running goes on from its log once the store is back.`,
    { cause },
  );
}
