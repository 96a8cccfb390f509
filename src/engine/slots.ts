export interface Slots {
  /** Begins the work once there is room, in the order it came. Where some throws, no more begins. */
  run<R>(work: () => Promise<R>): Promise<R>;
  /** What waits, and what comes later, throws this instead. */
  end(by: unknown): void;
}

/** @param most work in flight at a time */
export function slots(most: number): Slots {
  const waiting: (() => void)[] = [];
  let free = most;
  let ended: { readonly by: unknown } | undefined;
  const end = (by: unknown) => {
    ended ??= { by };
  };
  return {
    end,
    async run(work) {
      if (free > 0) free--;
      else await new Promise<void>((go) => waiting.push(go));
      try {
        if (ended) throw ended.by;
        return await work();
      } catch (error) {
        end(error);
        throw error;
      } finally {
        // Handed on as it is: nobody slips in between.
        const next = waiting.shift();
        if (next) next();
        else free++;
      }
    },
  };
}
