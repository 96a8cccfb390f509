import { surroundings } from '../adapters/folder.js';
import { type Compiled, compile, type Source } from '../core/plan/compile.js';

/** Entry of a thread that compiles one plan: a large one keeps the processor busy for longer than a heartbeat. */
export default (source: Source): Promise<Compiled> => compile(source, surroundings());
