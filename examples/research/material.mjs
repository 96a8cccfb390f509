/** What lies between Muster's marks in a prompt, in order: `[{kind, name, text}]`, such as `file` and `docs/plan.md`. */
export const materialIn = (prompt) =>
  [
    ...prompt.matchAll(
      /^<<< data (\w+): (file|outcome of|result of|error of|from|variant|the view) (.+)\n([\s\S]*?)\n\1 >>>$/gm,
    ),
  ].map(([, , kind, name, text]) => ({ kind, name, text }));

/** What stands in a line of the task after its name, as in `Question: …`; empty where there is none. */
export const lineOf = (prompt, name) => new RegExp(`^${name}: (.*)$`, 'm').exec(prompt)?.[1] ?? '';
