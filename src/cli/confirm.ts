import { createInterface } from 'node:readline/promises';

/** Asks whoever sits at the terminal; anything but yes is no. */
export type Confirm = (question: string) => Promise<boolean>;

/** Undefined where nobody sits there. */
export function confirmHere(): Confirm | undefined {
  const { stdin: input, stderr: output } = process;
  if (!input.isTTY || !output.isTTY) return undefined;
  return async (question) => {
    const lines = createInterface({ input, output });
    try {
      return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim());
    } finally {
      lines.close();
    }
  };
}
