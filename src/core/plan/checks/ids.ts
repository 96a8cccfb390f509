import { SCOPE_NAMES } from '../bindings.js';
import {
  type Draft,
  EXECUTORS,
  type ExecutorKind,
  executorOf,
  itemName,
  readersOf,
  type WrittenBrief,
} from '../draft.js';
import { MAX_BRIEFS } from '../plan.js';
import type { Path, Problems } from '../problems.js';

/** Words that CEL or Liquid would not read as a name. */
const LANGUAGE_WORDS = [
  ...['as', 'break', 'const', 'continue', 'else', 'for', 'function', 'if', 'import', 'in', 'let', 'loop'],
  ...['package', 'namespace', 'return', 'var', 'void', 'while', 'true', 'false', 'null'],
  ...['nil', 'empty', 'blank', 'forloop', 'tablerowloop', 'and', 'or', 'not', 'contains'],
];
const RESERVED: ReadonlySet<string> = new Set([...SCOPE_NAMES, ...LANGUAGE_WORDS]);

/** Ids are unique and free, each brief has one executor, and no key that its executor never reads. */
export function checkIds(draft: Draft, problems: Problems): void {
  const items = new Set(draft.briefs.map(itemName));
  for (const brief of draft.briefs) {
    const path = ['briefs', brief.at];
    const first = draft.byId.get(brief.id)!;
    if (first !== brief) {
      problems.error(
        [...path, 'id'],
        `\`${brief.id}\` is already the id of briefs[${first.at}]. Give each its own.`,
      );
    }
    if (RESERVED.has(brief.id)) {
      problems.error([...path, 'id'], `\`${brief.id}\` is a reserved word. Give the brief another id.`);
    } else if (items.has(brief.id)) {
      problems.error(
        [...path, 'id'],
        `\`${brief.id}\` is also the name of an item (\`forEach.as\`). Rename one of them.`,
      );
    }
    const as = brief.forEach?.as;
    if (as !== undefined && RESERVED.has(as)) {
      problems.error([...path, 'forEach', 'as'], `\`${as}\` is a reserved word. Give the item another name.`);
    }
    checkExecutor(brief, problems);
    checkForEach(brief, problems);
  }
}

function checkExecutor(brief: WrittenBrief, problems: Problems): void {
  const path = ['briefs', brief.at];
  const given = EXECUTORS.filter((key) => brief[key] !== undefined);
  const unclear = EXECUTORS.some((key) => problems.doubts(...path, key));
  if (given.length > 1) {
    problems.error(path, `\`${brief.id}\` has ${given.length} executors: ${given.join(', ')}. Keep one.`);
  } else if (given.length === 0 && !unclear) {
    problems.error(
      path,
      `\`${brief.id}\` has no executor. Say how it is carried out: \`run\`, \`ask\`, \`http\`, \`call\`, \`plan\` or \`gate\`.`,
    );
  }
  const kind = executorOf(brief);
  if (kind === undefined) return;
  checkKeys(brief, kind, path, problems);
  if (kind === 'gate') checkGate(brief, problems);
  if (kind === 'ask' && brief.output === undefined && !problems.doubts(...path, 'output')) {
    problems.warning(
      path,
      `\`${brief.id}\` asks without \`output\`: any text is accepted. Give a schema to have it checked.`,
    );
  }
}

/** No key is there that the executor never reads. */
export function checkKeys(brief: object, kind: ExecutorKind, path: Path, problems: Problems): void {
  for (const key of Object.keys(brief)) {
    const readers = readersOf(key);
    if (readers.includes(kind)) continue;
    const who = readers.map((reader) => `\`${reader}\``).join(' and ');
    problems.error(
      [...path, key],
      `\`${key}\` means nothing to \`${kind}\`; it belongs to ${who}. Remove it.`,
    );
  }
}

function checkGate({ at, retry, forEach }: WrittenBrief, problems: Problems): void {
  const path = ['briefs', at];
  for (const key of ['attempts', 'backoff', 'on'] as const)
    if (retry?.[key] !== undefined)
      problems.error(
        [...path, 'retry', key],
        `\`${key}\` means nothing to \`gate\`: a person is asked once. Remove it.`,
      );
  if ((forEach?.max ?? 0) > MAX_BRIEFS)
    problems.error(
      [...path, 'forEach', 'max'],
      `people are asked ${MAX_BRIEFS.toLocaleString('en')} things by one \`gate\` at most. Lower it.`,
    );
}

function checkForEach({ at, forEach }: WrittenBrief, problems: Problems): void {
  if (!forEach) return;
  const path = ['briefs', at, 'forEach'];
  const sources = (['in', 'matrix', 'each'] as const).filter((key) => forEach[key] !== undefined);
  if (sources.length !== 1) {
    const got = sources.length === 0 ? 'none' : sources.join(' and ');
    problems.error(path, `a fan-out has one source: \`in\`, \`matrix\` or \`each\`; this has ${got}.`);
  }
  if (forEach.exclude && !forEach.matrix)
    problems.error([...path, 'exclude'], '`exclude` belongs to `matrix`.');
  for (const [i, combination] of (forEach.exclude ?? []).entries()) {
    const unknown = Object.keys(combination).find(
      (axis) => !forEach.matrix || !Object.hasOwn(forEach.matrix, axis),
    );
    if (unknown) problems.error([...path, 'exclude', i, unknown], `the matrix has no axis \`${unknown}\`.`);
  }
}
