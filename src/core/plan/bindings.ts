import type { Json, JsonObject } from '../outcome/canonical.js';
import type { Status } from '../outcome/outcome.js';
import type { Plan } from './plan.js';

/** What templates and expressions of one brief, or one instance of it, see. */
export interface Bindings {
  readonly params: JsonObject;
  readonly inputs: Plan['inputs'];
  readonly needs: { readonly [id: string]: Need };
  readonly item?: Item;
}

/**
 * The outcome of a need. Of a fan, `output` is a list of `{key, status, output}` in input order and
 * `status` is `succeeded`; of a fan that is paired with (`each`), it is the one instance's own.
 */
export interface Need {
  readonly status: Status;
  readonly output: Json;
}

/** The item of one instance of a `forEach`. */
export interface Item {
  readonly as: string;
  readonly value: Json;
  readonly key: string;
}

/** Values by the names that templates and expressions know them by. */
export interface Variables {
  readonly [name: string]: Json;
}

/** Names that no brief and no `as` may take: the scope uses them, or a key of {@link Bindings} would be hidden. */
export const SCOPE_NAMES = ['params', 'inputs', 'needs', 'i', 'key', 'output', 'data', 'ledger'] as const;

export function variables(bindings: Bindings | Variables): Variables {
  if (!isBindings(bindings)) return bindings;
  const { params, inputs, needs, item } = bindings;
  return {
    ...(needs as unknown as Variables),
    ...(item && { [item.as]: item.value, key: item.key }),
    params,
    inputs: inputs as unknown as Json,
  };
}

/** `needs` is a reserved name, so variables never have it. */
const isBindings = (given: Bindings | Variables): given is Bindings => 'needs' in given;
