import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { Json, JsonObject } from '../outcome/canonical.js';
import { Failure } from '../outcome/failure.js';

type Element = { readonly [tag: string]: Children } & {
  readonly ':@'?: { readonly [attribute: string]: string };
};
type Children = readonly Element[];

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  htmlEntities: true,
});

/**
 * The cases of a JUnit report as a flat list of `{suite, name, status, message, file?, time}`:
 * status `passed`, `failed`, `error` or `skipped`, time in seconds where it is told.
 * @throws Failure `OutputInvalid` where the text is no XML or holds no `testsuite`.
 */
export function junit(text: string): Json {
  const top = read(text);
  if (!top.some((element) => 'testsuites' in element || 'testsuite' in element)) {
    throw new Failure('OutputInvalid', 'the output is no JUnit report: it holds no `testsuite`');
  }
  return top.flatMap((element) => cases(element, ''));
}

function read(text: string): Children {
  const valid = XMLValidator.validate(text);
  if (valid !== true) {
    throw new Failure('OutputInvalid', `the output is not XML: ${valid.err.msg} (line ${valid.err.line})`);
  }
  try {
    return parser.parse(text) as Children;
  } catch (error) {
    throw new Failure('OutputInvalid', `the output is XML that is not read: ${(error as Error).message}`);
  }
}

function cases(element: Element, suite: string): JsonObject[] {
  if (element.testcase) return [testcase(element, element.testcase, suite)];
  const within = element.testsuites ?? element.testsuite;
  const name = element.testsuite ? (attribute(element, 'name') ?? suite) : suite;
  return (within ?? []).flatMap((inner) => cases(inner, name));
}

const STATUS = { failure: 'failed', error: 'error', skipped: 'skipped' } as const;

function testcase(element: Element, children: Children, suite: string): JsonObject {
  const verdict = children.find((child) => Object.keys(STATUS).some((tag) => tag in child));
  const tag = verdict && (Object.keys(STATUS) as (keyof typeof STATUS)[]).find((each) => each in verdict);
  const file = attribute(element, 'file');
  const time = Number(attribute(element, 'time') ?? Number.NaN);
  return {
    suite: attribute(element, 'classname') ?? suite,
    name: attribute(element, 'name') ?? '',
    status: tag ? STATUS[tag] : 'passed',
    message: verdict && tag ? (attribute(verdict, 'message') ?? textOf(verdict[tag] ?? [])) : '',
    ...(file !== undefined && { file }),
    ...(Number.isFinite(time) && { time }),
  };
}

const attribute = (element: Element, name: string): string | undefined => element[':@']?.[name];

function textOf(children: Children): string {
  return children
    .map((child) => String((child as { readonly '#text'?: unknown })['#text'] ?? ''))
    .join('')
    .trim();
}
