import type { Store } from '../../src/ports/store.js';

/** Gates that an explorer opens one at a time: nothing gated goes on by itself. */
export interface Gates {
  /** Waits until the explorer lets `who` take this step. */
  pass(who: string, step: string): Promise<void>;
}

/**
 * Runs `scene` once for every order in which its gated steps can happen. A scene is over when nothing waits at a gate.
 * @returns how many orders there were
 */
export async function everyOrder(
  scene: (gates: Gates) => Promise<(order: readonly string[]) => Promise<void>>,
): Promise<number> {
  let orders = 0;
  for (let choices: number[] | undefined = []; choices; orders++) choices = await oneOrder(scene, choices);
  return orders;
}

/** Plays one order; `choices` says who goes first at each turn. Returns those of the next order, or nothing. */
async function oneOrder(
  scene: Parameters<typeof everyOrder>[0],
  choices: readonly number[],
): Promise<number[] | undefined> {
  const waiting = new Map<string, { readonly step: string; readonly go: () => void }>();
  const order: string[] = [];
  const options: number[] = [];
  const check = await scene({
    pass: (who, step) => new Promise<void>((go) => waiting.set(who, { step, go })),
  });
  for (;;) {
    for (let calm = 0; calm < 3; calm++) await new Promise(setImmediate);
    const names = [...waiting.keys()].sort();
    if (names.length === 0) break;
    const who = names[choices[options.length] ?? 0] ?? '';
    options.push(names.length);
    const { step, go } = waiting.get(who) ?? { step: '', go: () => undefined };
    waiting.delete(who);
    order.push(`${who} ${step}`);
    go();
  }
  await check(order);
  const taken = options.map((_, turn) => choices[turn] ?? 0);
  for (let turn = options.length - 1; turn >= 0; turn--)
    if ((taken[turn] ?? 0) + 1 < (options[turn] ?? 0))
      return [...taken.slice(0, turn), (taken[turn] ?? 0) + 1];
  return undefined;
}

/** The same store, seen from a process of its own, whose every look at a log is a step. */
export const gated = (store: Store, gates: Gates, who: string): Store => ({
  ...store,
  async create(name, bytes) {
    if (name.startsWith('runs/')) await gates.pass(who, `create ${name.slice(-1)}`);
    return store.create(name, bytes);
  },
  async read(name, range) {
    if (name.startsWith('runs/')) await gates.pass(who, `read ${name.slice(-1)}`);
    return store.read(name, range);
  },
});
