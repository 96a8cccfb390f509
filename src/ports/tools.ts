import type { JsonObject } from '../core/outcome/canonical.js';
import type { McpWork } from '../core/plan/render.js';
import type { Executor } from './executor.js';

/** What a worker lets models call. */
export interface Tools {
  /**
   * Every tool that may be meant; where none of a server's is, that is not asked.
   * @throws Failure `CallFailed` where a server does not say what it has
   */
  offered(mayBeMeant: (beginning: string) => boolean, signal: AbortSignal): Promise<readonly Tool[]>;
  /** Calls a tool of a server; the effect is a {@link Told}. */
  readonly mcp: Executor<McpWork>;
}

export interface Tool {
  /** `search` of a function, `files.read` of a server's. */
  readonly name: string;
  readonly description: string;
  /** JSON Schema of what it takes. */
  readonly input: JsonObject;
  readonly by: { readonly function: string } | { readonly server: string; readonly tool: string };
}

/** What a model is told of a call. */
export interface Told {
  readonly text: string;
  /** It is why the call came to nothing. */
  readonly isError?: true;
}
