import { canonical, type Digest, type Json } from '../outcome/canonical.js';
import type { Work } from './render.js';

/**
 * What a try works on, field by field. Render without findings for it: those of rejected tries are no part of the
 * input, nor is the folder it runs in.
 */
export function inputOf(work: Work): { readonly [field: string]: Json } {
  const input = Object.entries(work).filter(([key, value]) => key !== 'cwd' && value !== undefined);
  return Object.fromEntries(input) as { [field: string]: Json };
}

export const inputDigest = (work: Work, digest: Digest): string => digest(canonical(inputOf(work)));

/**
 * Idempotency key of an effect (ENGINE.md): the same whenever the same work may be running already, another after a
 * definite failure or rejection, which raises the generation. `run` is the first execution's run id.
 */
export function effectKey(
  parts: {
    readonly run: string;
    readonly brief: string;
    readonly key?: string;
    readonly input: string;
    readonly generation: number;
  },
  digest: Digest,
): string {
  const { run, brief, key, input, generation } = parts;
  return digest(canonical([run, brief, key ?? null, input, generation]));
}
