import { expect, it } from 'vitest';
import { FAILURE_TYPES, Failure } from '../../../src/core/outcome/failure.js';
import type { Work } from '../../../src/core/plan/render.js';
import type { Executor, Progress } from '../../../src/ports/executor.js';
import { failureOf, stoppedAtProgress, taskFor, valueIn } from './task.js';

export interface Examined<W extends Work> {
  readonly executor: Executor<W>;
  /** Comes back with the given words somewhere in it. */
  says(words: string): W;
  /** Comes back with the key and the try it was given, as `{key, try}`; `read` finds them in the effect. */
  readonly identity: { readonly work: W; read(value: unknown): unknown };
  /** Goes on for a minute, reporting as it goes. */
  readonly endless: W;
  readonly failing: W;
  /** What is still alive of the endless one. */
  leftovers(): Promise<readonly unknown[]> | readonly unknown[];
}

/** What every executor must pass. */
export function exam<W extends Work>(prepare: () => Examined<W>): void {
  it('carries out its work and brings back what came of it', async () => {
    const { executor, says } = prepare();
    expect(JSON.stringify(valueIn(await executor(taskFor(says('forty-two')))))).toContain('forty-two');
  });

  it('lets the idempotency key and the try reach the effect', async () => {
    const { executor, identity } = prepare();
    const effect = await executor(taskFor(identity.work, { key: 'key-77', try: 3 }));
    expect(identity.read(valueIn(effect))).toMatchObject({ key: 'key-77' });
    expect(String((identity.read(valueIn(effect)) as { try?: unknown }).try ?? 3)).toBe('3');
  });

  it('reports progress while it runs, and stops within seconds when told to, leaving nothing behind', async () => {
    const { executor, endless, leftovers } = prepare();
    const { given, told } = stoppedAtProgress();
    const failure = await failureOf(executor(taskFor(endless, given)));
    expect(told.length).toBeGreaterThan(0);
    for (const it of told as Progress[]) expect(JSON.stringify(it).length).toBeLessThanOrEqual(200);
    expect(failure.type).toBe('Cancelled');
    await expect.poll(leftovers, { timeout: 2000 }).toEqual([]);
  }, 12_000);

  it('does not begin what was stopped before it began', async () => {
    const { executor, says } = prepare();
    const failure = await failureOf(executor(taskFor(says('never'), { signal: AbortSignal.abort() })));
    expect(failure.type).toBe('Cancelled');
  });

  it('ends with the reason it was stopped for', async () => {
    const { executor, endless } = prepare();
    const { given } = stoppedAtProgress(new Failure('TimedOut', 'no answer within 10m'));
    const failure = await failureOf(executor(taskFor(endless, given)));
    expect([failure.type, failure.message]).toEqual(['TimedOut', 'no answer within 10m']);
  }, 12_000);

  it('fails with a type and a sentence that names the brief, and shows no stack', async () => {
    const { executor, failing } = prepare();
    const failure = await failureOf(executor(taskFor(failing)));
    expect(failure).toBeInstanceOf(Failure);
    expect(FAILURE_TYPES).toContain(failure.type);
    expect(failure.message).toMatch(/^dig\[pricing\].*\w/);
    expect(failure.message).not.toMatch(/\n\s+at /);
    expect(failure.message.length).toBeLessThanOrEqual(500);
  });

  it('does not mix up two at once', async () => {
    const { executor, says } = prepare();
    const words = ['alpha', 'bravo', 'charlie', 'delta'];
    const effects = await Promise.all(words.map((w) => executor(taskFor(says(w)))));
    for (const [i, effect] of effects.entries()) {
      const text = JSON.stringify(valueIn(effect));
      expect(words.filter((w) => text.includes(w))).toEqual([words[i]]);
    }
  });
}
