import {
  type CelInput,
  type CelResult,
  CelScalar,
  type CelValue,
  celEnv,
  celFunc,
  isCelError,
  isCelList,
  isCelMap,
  isCelUint,
  parse,
  plan,
} from '@bufbuild/cel';
import { strings } from '@bufbuild/cel/ext';
import type { Json } from '../outcome/canonical.js';
import { Failure } from '../outcome/failure.js';
import { mapped } from '../outcome/readBack.js';
import { type Bindings, type Variables, variables } from './bindings.js';
import { type Reference, roots } from './references.js';

// 1. Whole numbers of JSON are CEL ints, so that they stay exact and index lists; others are doubles.
// 2. An int and a double in one operation work as two doubles, as JSON has one kind of number. `7 / 2` is 3, `7 / 2.0` is 3.5.
// 3. CEL always ends; the length cap bounds how long it may take and how deep its parser recurses.

/** Characters. Parsing recurses: far above this it would exhaust the stack. */
const MAX_LENGTH = 2_000;

const { INT, DOUBLE } = CelScalar;
type Arithmetic = (left: number, right: number) => number;
const mixed = (operator: string, apply: Arithmetic) => [
  celFunc(operator, [INT, DOUBLE], DOUBLE, (left, right) => apply(Number(left), right)),
  celFunc(operator, [DOUBLE, INT], DOUBLE, (left, right) => apply(left, Number(right))),
];
const environment = celEnv({
  funcs: [
    ...strings,
    ...mixed('_+_', (left, right) => left + right),
    ...mixed('_-_', (left, right) => left - right),
    ...mixed('_*_', (left, right) => left * right),
    ...mixed('_/_', (left, right) => left / right),
  ],
});

interface Compiled {
  readonly references: readonly Reference[];
  readonly run: (variables: Record<string, CelInput>) => CelResult;
}
const compiled = new Map<string, Compiled>();
const MAX_REMEMBERED = 2_000;

/**
 * The value of an expression, as plain JSON.
 * @throws Failure `InvalidInput` naming the expression and what is wrong with it.
 */
export function evaluate(cel: string, scope: Bindings | Variables): Json {
  const { references, run } = compileCel(cel);
  const values = variables(scope);
  const used = roots(references).filter((name) => Object.hasOwn(values, name));
  const result = run(Object.fromEntries(used.map((name) => [name, toCel(values[name]!)])));
  if (isCelError(result)) throw wrong(cel, result.message);
  return toJson(cel, result);
}

/**
 * The names an expression uses, without those that its own macros bind.
 * @throws Failure `InvalidInput` where the expression cannot be read.
 */
export const celReferences = (cel: string): readonly Reference[] => compileCel(cel).references;

export const namesUsed = (cel: string): string[] => roots(celReferences(cel));

function compileCel(cel: string): Compiled {
  const known = compiled.get(cel);
  if (known) return known;
  if (cel.length > MAX_LENGTH) throw wrong(cel, `it is longer than ${MAX_LENGTH} characters`);
  try {
    const { expr } = parse(cel);
    const fresh = { references: freeNames(expr, new Set()), run: plan(environment, expr) };
    if (compiled.size >= MAX_REMEMBERED) compiled.clear();
    compiled.set(cel, fresh);
    return fresh;
  } catch (error) {
    throw wrong(cel, (error as Error).message.replace(/^<input>:(\d+):(\d+): /, 'at character $2, '));
  }
}

const wrong = (cel: string, what: string): Failure => {
  const shown = cel.length > 200 ? `${cel.slice(0, 200)}…` : cel;
  return new Failure('InvalidInput', `the expression \`${shown}\` fails: ${what}`);
};

type Expr = ReturnType<typeof parse>['expr'];

/** Walks the syntax tree; `bound` are the variables of the comprehensions around. */
function freeNames(expr: Expr | undefined, bound: ReadonlySet<string>): Reference[] {
  const kind = expr?.exprKind;
  const walk = (inner: Expr | undefined) => freeNames(inner, bound);
  switch (kind?.case) {
    case 'identExpr':
      return bound.has(kind.value.name) ? [] : [{ root: kind.value.name }];
    case 'selectExpr': {
      const { operand, field, testOnly } = kind.value;
      const [only, ...others] = walk(operand);
      if (!only) return [];
      if (!isWrittenOut(operand)) return [only, ...others];
      const { root, member, beyond = [] } = only;
      if (member === undefined) return [{ root, member: field }];
      // Whether it is there is what is asked.
      return testOnly ? [only] : [{ root, member, beyond: [...beyond, field] }];
    }
    case 'callExpr':
      return [...walk(kind.value.target), ...kind.value.args.flatMap(walk)];
    case 'listExpr':
      return kind.value.elements.flatMap(walk);
    case 'structExpr':
      return kind.value.entries.flatMap((entry) => [
        ...(entry.keyKind.case === 'mapKey' ? walk(entry.keyKind.value) : []),
        ...walk(entry.value),
      ]);
    case 'comprehensionExpr': {
      const { iterVar, iterVar2, accuVar, iterRange, accuInit, loopCondition, loopStep, result } = kind.value;
      const inside = new Set([...bound, iterVar, iterVar2, accuVar]);
      return [
        ...walk(iterRange),
        ...walk(accuInit),
        ...[loopCondition, loopStep, result].flatMap((part) => freeNames(part, inside)),
      ];
    }
    default:
      return [];
  }
}

/** A name, or members of one that are written out. */
const isWrittenOut = (expr: Expr | undefined): boolean =>
  expr?.exprKind.case === 'identExpr' ||
  (expr?.exprKind.case === 'selectExpr' && isWrittenOut(expr.exprKind.value.operand));

function toCel(value: Json): CelInput {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return mapped<Json, CelInput>(value, toCel) as CelInput;
  return new Map(Object.entries(value).map(([key, inner]) => [key, toCel(inner)]));
}

function toJson(cel: string, value: CelValue): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint' || isCelUint(value)) {
    const whole = Number(typeof value === 'bigint' ? value : value.value);
    if (Number.isSafeInteger(whole)) return whole;
    throw wrong(cel, `the number ${typeof value === 'bigint' ? value : value.value} is too large for JSON`);
  }
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return value;
    throw wrong(cel, 'it gives no finite number');
  }
  if (isCelList(value)) return [...value].map((inner) => toJson(cel, inner));
  if (isCelMap(value)) {
    return Object.fromEntries(
      [...value].map(([key, inner]) => [String(toJson(cel, key)), toJson(cel, inner)]),
    );
  }
  throw wrong(cel, 'it gives a value that JSON cannot carry');
}
