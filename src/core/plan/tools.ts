import type { Bounds } from '../outcome/toolLoop.js';
import type { Role } from './role.js';

/*
 * Which tools a brief is offered:
 *  1. what it names, or its role where it names none itself;
 *  2. of these what its role allows, where that names any;
 *  3. of these what the worker has. What a brief names and the worker has not is refused; what only a role names is left out.
 */

/** A name, or a beginning of names that ends in `*`. Names of other programs' tools do not begin with a small letter. */
export const TOOL = /^(?:\*|[a-z][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_./-]*)?\*?)$/;

export const MOST_TURNS = 200;
export const MOST_CALLS = 400;
const DEFAULTS: Bounds = { turns: 20, calls: 50, parallel: 4 };

/** Of a brief that is offered any. */
export interface ToolUse extends Bounds {
  /** Patterns; each has to be of a tool that the worker has. */
  readonly use?: readonly string[];
  /** Patterns of its role: of those that the worker has these alone. */
  readonly allow?: readonly string[];
}

export type WrittenTools =
  | readonly string[]
  | {
      readonly use?: readonly string[] | undefined;
      readonly turns?: number | undefined;
      readonly calls?: number | undefined;
      readonly parallel?: number | undefined;
    };

/** Samples call none, nor does what must not run twice: nobody could keep a model from it. */
export const mayCallTools = ({ effect, batch, ...brief }: Asked): boolean =>
  effect === undefined && batch === undefined && !isAskedOften(brief);
export const isAskedOften = ({ vote, samples, perspectives }: Omit<Asked, 'effect' | 'batch'>): boolean =>
  [vote, samples, perspectives].some((said) => said !== undefined);
type Asked = { readonly [key in 'vote' | 'samples' | 'perspectives' | 'batch' | 'effect']?: unknown };

/** What of a role's tools can be one of a worker's. */
export const ownTools = ({ tools }: Pick<Role, 'tools'> = {}): readonly string[] | undefined =>
  tools?.filter((name) => TOOL.test(name));

/** What a brief names itself. */
export const namedTools = (written: WrittenTools | undefined): readonly string[] | undefined =>
  written === undefined || 'use' in written
    ? (written as { use?: readonly string[] })?.use
    : isList(written)
      ? written
      : undefined;

const isList = (written: WrittenTools): written is readonly string[] => Array.isArray(written);

/**
 * Undefined where it is offered none.
 * @param isFit whether it could call any: what only its role names is no fault of the plan's
 */
export function toolsFor(
  written: WrittenTools | undefined,
  role: Pick<Role, 'tools'> | undefined,
  isFit = true,
): ToolUse | undefined {
  if (written === undefined && !isFit) return undefined;
  const use = namedTools(written);
  const allow = ownTools(role);
  if ((use ?? allow ?? []).length === 0) return undefined;
  const { turns, calls, parallel } = { ...DEFAULTS, ...(written && !isList(written) && written) } as Bounds;
  return { ...(use && { use }), ...(allow && { allow }), turns, calls, parallel };
}

/** Characters of a name, for endpoints. */
export const NAME_LENGTH = 64;

/** Endpoints take letters, digits, `_` and `-` in names of tools: what is left of one. */
export const plainName = (name: string): string => name.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, NAME_LENGTH);

/** Whether a tool of that name is meant. */
export const fits = (pattern: string, name: string): boolean =>
  pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;

/** Whether a tool can be meant by both. */
export const overlap = (a: string, b: string): boolean =>
  fits(a, b.replace(/\*$/, '')) || fits(b, a.replace(/\*$/, ''));

/** Patterns of what it may be offered. */
export const meant = ({ use, allow }: Pick<ToolUse, 'use' | 'allow'>): readonly string[] =>
  use ?? allow ?? [];

/** Of these names, which a brief is offered; and which of its own patterns are of none. */
export function offeredOf(
  tools: Pick<ToolUse, 'use' | 'allow'>,
  names: readonly string[],
): { readonly names: readonly string[]; readonly missing: readonly string[] } {
  const { use = [], allow } = tools;
  const isNamed = (name: string) => meant(tools).some((pattern) => fits(pattern, name));
  const isAllowed = (name: string) => allow === undefined || allow.some((pattern) => fits(pattern, name));
  return {
    names: names.filter((name) => isNamed(name) && isAllowed(name)),
    missing: use.filter((pattern) => !names.some((name) => fits(pattern, name))),
  };
}
