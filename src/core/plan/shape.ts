import type { z } from 'zod';
import type { JsonObject } from '../outcome/canonical.js';
import { EACH_KEY } from './fields.js';
import type { Path, Problems } from './problems.js';
import { type PlanDocument, planSchema } from './schema.js';

/** A document of which only the parts that could be read are left; a brief without a readable id is gone. */
export type ReadableDocument = Partial<Omit<PlanDocument, 'briefs'>> & {
  /** With the place each brief has in the document. */
  readonly briefs: readonly (PlanDocument['briefs'][number] & { readonly at: number })[];
};

/**
 * Checks the document against the format. What does not fit is reported, marked as doubtful and left out, so that
 * the rest can still be checked and nothing that hangs on it is complained about twice.
 */
export function shape(document: JsonObject, problems: Problems): ReadableDocument {
  const { briefs } = document;
  return {
    ...readableKeys(planSchema, document, problems),
    briefs: Array.isArray(briefs) ? readableBriefs(briefs, problems) : [],
  } as ReadableDocument;
}

/** The keys of a document that fit a format; what does not is reported, and marked as doubtful. */
export function readableKeys<Format extends z.ZodObject>(
  format: Format,
  document: JsonObject,
  problems: Problems,
): Partial<z.infer<Format>> {
  const issues = format.safeParse(document).error?.issues ?? [];
  const bad = issues.flatMap((issue) => problemsOf(issue, document));
  for (const { path, message } of bad) problems.error(path, message);
  for (const { path } of bad) problems.doubt(path.slice(0, path[0] === 'briefs' ? 3 : 1));
  return Object.fromEntries(
    Object.entries(document).filter(([key]) => key in format.shape && !problems.doubts(key)),
  ) as Partial<z.infer<Format>>;
}

function readableBriefs(briefs: readonly unknown[], problems: Problems): unknown[] {
  return briefs.flatMap((brief, at) => {
    if (problems.doubts('briefs', at) || problems.doubts('briefs', at, 'id')) return [];
    const keys = Object.entries(brief as JsonObject).filter(([key]) => !problems.doubts('briefs', at, key));
    return [{ ...Object.fromEntries(keys), at }];
  });
}

type Issue = z.core.$ZodIssue;
interface Found {
  readonly path: Path;
  readonly message: string;
}

function problemsOf(issue: Issue, document: JsonObject): Found[] {
  const path = issue.path as Path;
  switch (issue.code) {
    case 'unrecognized_keys': {
      const messages = issue.message.split(EACH_KEY);
      return issue.keys.map((key, i) => ({ path: [...path, key], message: messages[i]! }));
    }
    case 'invalid_union':
      return unionProblems(issue, path, document);
    case 'invalid_key':
      return issue.issues.map(({ message }) => ({ path, message }));
    case 'invalid_type':
      return [
        {
          path,
          message: issue.message.startsWith('Invalid input')
            ? wrongType(issue, valueAt(document, path))
            : issue.message,
        },
      ];
    default:
      return [{ path, message: issue.message }];
  }
}

/** Of the forms a value may have, the one it was meant as: that whose outermost type it has. */
function unionProblems(issue: z.core.$ZodIssueInvalidUnion, path: Path, document: JsonObject): Found[] {
  const meant = issue.errors.find(
    (form) => !form.some(({ code, path: at }) => code === 'invalid_type' && at.length === 0),
  );
  const forms = meant ? [meant] : issue.errors.map((form) => form.slice(0, 1));
  const found = forms
    .flat()
    .flatMap((inner) => problemsOf({ ...inner, path: [...path, ...inner.path] } as Issue, document));
  if (meant || found.length === 0) return found.length > 0 ? found : [{ path, message: issue.message }];
  return [{ path, message: found.map(({ message }) => message).join(' or ') }];
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  array: 'a list',
  object: 'a map',
  record: 'a map',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
};

function wrongType(issue: z.core.$ZodIssueInvalidType, value: unknown): string {
  const wanted = TYPES[issue.expected] ?? issue.expected;
  if (value === undefined) return `is missing; it wants ${wanted}.`;
  const got =
    value === null ? 'nothing' : Array.isArray(value) ? 'a list' : (TYPES[typeof value] ?? typeof value);
  const quote =
    issue.expected === 'string' && typeof value !== 'object' ? ' If text is meant, quote this.' : '';
  return `wants ${wanted}, and this is ${typeof value === 'boolean' ? `\`${value}\`` : got}.${quote}`;
}

const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (within, step) =>
      within !== null && typeof within === 'object' && Object.hasOwn(within, step)
        ? (within as Record<string | number, unknown>)[step]
        : undefined,
    value,
  );
