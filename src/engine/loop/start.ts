import { Failure } from '../../core/outcome/failure.js';
import type { UnitState } from '../../core/outcome/fold.js';
import type { AskWork, OfferedTool } from '../../core/plan/render.js';
import { NAME_LENGTH, plainName } from '../../core/plan/tools.js';
import type { Store } from '../../ports/store.js';
import type { Tool } from '../../ports/tools.js';
import { readValue } from '../artifacts.js';

/** All that a tool loop goes by, as it was when it began: whoever goes on with it asks the same, with the same tools. */
export interface LoopStart {
  /** What its idempotency keys are made from. */
  readonly key: string;
  readonly work: AskWork;
  readonly tools: readonly LoopTool[];
}
export interface LoopTool extends Pick<Tool, 'name' | 'by'> {
  /** As the model is told. */
  readonly offered: OfferedTool;
}

/** As many as endpoints take. */
export const MOST_TOOLS = 128;
/** A tool is known to the model by what endpoints leave of its own name. */
export function loopTools(tools: readonly Tool[]): readonly LoopTool[] {
  const taken = new Set<string>();
  return tools.map(({ name: own, by, description, input }) => {
    const plain = plainName(own);
    let name = plain;
    for (let n = 2; taken.has(name); n++) name = `${plain.slice(0, NAME_LENGTH - 4)}_${n}`;
    taken.add(name);
    return { name: own, by, offered: { name, description, input } };
  });
}

/** @throws Failure `Superseded` where another loop has taken its place */
export async function loopOf(store: Store, { loop }: UnitState, number: number): Promise<LoopStart> {
  if (loop?.try === number) return (await readValue(store, loop.ref)) as unknown as LoopStart;
  throw new Failure('Superseded', 'This tool loop is over: the brief went on without it.');
}
