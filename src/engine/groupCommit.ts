/**
 * Commits one group at a time: what comes while one is in flight waits, and goes together.
 * @returns what resolves once the group is committed that it went with, and rejects as that commit did
 */
export function groupCommit<W>(commit: (group: readonly W[]) => Promise<void>): (one: W) => Promise<void> {
  let waiting: Waiting<W>[] = [];
  let committing = false;

  async function drain(): Promise<void> {
    committing = true;
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      try {
        await commit(group.map(({ one }) => one));
        for (const { done } of group) done();
      } catch (error) {
        for (const { fail } of group) fail(error);
      }
    }
    committing = false;
  }

  return (one) =>
    new Promise((done, fail) => {
      waiting.push({ one, done, fail });
      if (!committing) void drain();
    });
}

interface Waiting<W> {
  readonly one: W;
  readonly done: () => void;
  readonly fail: (error: unknown) => void;
}
