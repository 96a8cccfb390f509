import type { Compiled, Source } from '../core/plan/compile.js';

/** Compiles plans. What that takes is loaded with the first: most commands compile none. @param path the PATH that commands are looked for on */
export const checkOn =
  (path: string | undefined) =>
  async (source: Source): Promise<Compiled> => {
    const [{ compile }, { surroundings }] = await Promise.all([
      import('../core/plan/compile.js'),
      import('../adapters/folder.js'),
    ]);
    return compile(source, surroundings(path));
  };
