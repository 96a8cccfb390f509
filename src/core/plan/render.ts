import type { Json, JsonObject } from '../outcome/canonical.js';
import { Failure } from '../outcome/failure.js';
import type { Bindings } from './bindings.js';
import { evaluate } from './cel.js';
import type { HttpHeader, HttpRequest, SubPlan } from './executor.js';
import { viewpoint } from './perspectives.js';
import type { Brief, Plan } from './plan.js';
import { type Content, type Message, prompt, section } from './prompt.js';
import { hasTemplate, renderText } from './template.js';
import { modelFor, modelOf } from './tier.js';
import { renderUrl } from './url.js';

/** A brief with every template and expression worked out: what an executor carries out. */
export type Work = RunWork | AskWork | HttpWork | CallWork | McpWork | PlanWork | ConstantWork;

export interface RunWork {
  readonly kind: 'run';
  readonly argv: readonly string[];
  /** Given on standard input. */
  readonly stdin?: string;
  /** Absolute; absent: a fresh folder, removed afterwards. */
  readonly cwd?: string;
  readonly okExit: readonly number[];
  /** What was wrong with what it gave before; absent: nothing. */
  readonly findings?: readonly string[];
}

export interface AskWork {
  readonly kind: 'ask';
  readonly model: string;
  readonly messages: readonly Message[];
  /** JSON Schema the answer must satisfy; absent: text. */
  readonly schema?: JsonObject;
  /** Of sampling; absent: the provider's. */
  readonly temperature?: number;
  /** Most of the answer; absent: the provider's. */
  readonly maxTokens?: number;
  /** Of a vote: those that are asked in turns, in place of `model`. */
  readonly voters?: readonly string[];
  /** Of several samples: what each is told beyond the others, in turns. */
  readonly asides?: readonly string[];
  /** What it may call; the effect is then an answer, or calls. */
  readonly tools?: readonly OfferedTool[];
  /** It is to answer now, without a tool. */
  readonly answerNow?: true;
}

export interface OfferedTool {
  /** As the model knows it: letters, digits, `_` and `-`, at most 64. */
  readonly name: string;
  readonly description: string;
  /** JSON Schema of what it takes. */
  readonly input: JsonObject;
}

/** A tool of an MCP server. */
export interface McpWork {
  readonly kind: 'mcp';
  readonly server: string;
  readonly tool: string;
  readonly input: JsonObject;
}

/** One request. It holds the names of secrets, never their values: those are read when it is sent. */
/** An address with its values, and a body that is JSON. */
export interface HttpWork extends HttpRequest {
  /** The effect is a value where the response says that it is JSON; else it is text whatever the response says. */
  readonly byType?: true;
  /** The plan came without a file: nobody on this machine has vouched for it. */
  readonly inline?: true;
}

export interface CallWork {
  readonly kind: 'call';
  readonly name: string;
  readonly input: Json;
  /** A model calls it. */
  readonly tool?: true;
  /** What was wrong with what it gave before; absent: nothing. */
  readonly findings?: readonly string[];
  /** Absolute; of a brief with a workspace of its own. */
  readonly cwd?: string;
  /** The brief's id, key and title, for the function's own use. */
  readonly brief: JsonObject;
}

/** A plan as a brief came by it. */
export interface PlanWork {
  readonly kind: 'plan';
  readonly plan:
    | { readonly document: JsonObject }
    | { readonly text: string }
    | { readonly file: { readonly path: string; readonly digest: string } };
  readonly params: JsonObject;
}

export interface ConstantWork {
  readonly kind: 'constant';
  readonly value: Json;
}

/**
 * The work of one brief, or of one instance of it.
 * @throws Failure `InvalidInput` where a template or an expression fails on these values, an argument turns into an
 * option, a value would change the structure of an address, or a prompt is too long.
 */
export function render(plan: Plan, brief: Brief, bindings: Bindings, content: Content): Work {
  const { executor } = brief;
  switch (executor.kind) {
    case 'run':
      return {
        kind: 'run',
        argv: executor.argv.map((argument, i) =>
          renderArgument(argument, i > 0 && !brief.allowDash, bindings),
        ),
        ...(brief.stdin !== undefined && { stdin: asText(evaluate(brief.stdin, bindings)) }),
        ...(plan.folder !== undefined && { cwd: plan.folder }),
        okExit: brief.okExit,
        ...found(content),
      };
    case 'ask': {
      return {
        kind: 'ask',
        model: modelFor(plan, brief, content.raised).model,
        messages: prompt(plan, brief, executor.text, bindings, content),
        ...(brief.output && { schema: brief.output }),
        ...(brief.maxTokens !== undefined && { maxTokens: brief.maxTokens }),
        ...samplingOf(brief),
        ...(brief.vote?.models && { voters: brief.vote.models.map((one) => modelOf(plan, one)) }),
      };
    }
    case 'http':
      return {
        kind: 'http',
        method: executor.method,
        url: renderUrl(executor.url, bindings),
        headers: executor.headers.map((header) => renderHeader(header, bindings)),
        ...(executor.body !== undefined && { body: JSON.stringify(evaluate(executor.body, bindings)) }),
        ...(executor.okStatus && { okStatus: executor.okStatus }),
        ...(brief.parse === 'by-type' && { byType: true }),
        ...(plan.folder === undefined && { inline: true }),
      };
    case 'gate':
      throw new Failure('ContractViolation', `\`${brief.id}\` asks a person: there is nothing to carry out.`);
    case 'call':
      return {
        kind: 'call',
        name: executor.name,
        input: brief.stdin === undefined ? (bindings.item?.value ?? null) : evaluate(brief.stdin, bindings),
        ...found(content),
        brief: {
          id: brief.id,
          ...(bindings.item && { key: bindings.item.key }),
          ...(brief.title !== undefined && { title: brief.title }),
        },
      };
    case 'plan':
      return renderPlan(executor, bindings);
    case 'constant':
      return executor;
  }
}

function renderPlan({ plan, params }: SubPlan, bindings: Bindings): PlanWork {
  const given = Object.entries(params).map(([name, cel]) => [name, evaluate(cel, bindings)] as const);
  return { kind: 'plan', plan: planOf(plan, bindings), params: Object.fromEntries(given) };
}

/** @throws Failure `InvalidPlan` */
function planOf(plan: SubPlan['plan'], bindings: Bindings): PlanWork['plan'] {
  if ('file' in plan) return { file: { path: plan.file.path, digest: plan.file.digest } };
  const value = evaluate(plan.from, bindings);
  if (typeof value === 'string') return { text: value };
  if (value !== null && typeof value === 'object' && !Array.isArray(value))
    return { document: value as JsonObject };
  throw new Failure(
    'InvalidPlan',
    `\`plan: { from: ${plan.from} }\` gives ${JSON.stringify(value).slice(0, 80)}. A plan is a map, or its text as YAML or JSON.`,
  );
}

function renderHeader(header: HttpHeader, bindings: Bindings): HttpHeader {
  if (!('text' in header)) return header;
  const text = renderText(header.text, bindings);
  if (!HEADER_TEXT.test(text)) throw new Failure('InvalidInput', headerMessage(header.name));
  return { name: header.name, text };
}

/** What a header may hold without being taken for something else on the way (RFC 9110, 5.5, without obsolete bytes). */
export const HEADER_TEXT = /^[\t\x20-\x7e]*$/;

export const headerMessage = (name: string): string =>
  `the header \`${name}\` would hold a line break or a sign that is no plain ASCII. Encode its value, or send it in the body.`;

/** How often and how it is asked, where that is not once. */
function samplingOf({
  vote,
  variants,
  perspectives,
  temperature: own,
}: Brief): Pick<AskWork, 'temperature' | 'asides'> {
  const temperature = vote?.temperature ?? own;
  const asides =
    vote?.prompts ??
    perspectives?.views.map(viewpoint) ??
    (variants && Array.from({ length: variants.samples }, (_, i) => variant(i + 1, variants.samples)));
  return { ...(temperature !== undefined && { temperature }), ...(asides && { asides }) };
}

const variant = (n: number, of: number): string =>
  section(
    'Variant',
    `This is variant ${n} of ${of}. Others are written apart from it: go about it in a way of your own.`,
  );

const found = ({ findings = [] }: Content) => (findings.length > 0 ? { findings } : {});

function renderArgument(argument: string, guarded: boolean, bindings: Bindings): string {
  const rendered = renderText(argument, bindings);
  if (guarded && dashed(argument, rendered))
    throw new Failure('InvalidInput', dashMessage(argument, rendered));
  return rendered;
}

/** Whether data, not the plan's author, wrote the `-` that an argument begins with. */
export const dashed = (argument: string, rendered: string): boolean =>
  rendered.startsWith('-') && !argument.startsWith('-') && hasTemplate(argument);

export const dashMessage = (argument: string, rendered: string): string =>
  `the argument \`${argument}\` becomes \`${rendered.slice(0, 80)}\`, which a command would take for an option. ` +
  'Say `allowDash: true` where that is meant.';

/** Text goes as it is, every other value as JSON. */
const asText = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));
