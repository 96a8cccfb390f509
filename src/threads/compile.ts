import { surroundings } from '../adapters/folder.js';
import { type Compiled, compile, type Source } from '../core/plan/compile.js';

export interface CompileTask {
  readonly source: Source;
  /** The PATH that commands are looked for on. */
  readonly path?: string;
}

/** Entry of a thread that compiles one plan: a large one keeps the processor busy for longer than a heartbeat. */
export default ({ source, path }: CompileTask): Promise<Compiled> => compile(source, surroundings(path));
