import type { Json } from '../outcome/canonical.js';

/** How a brief is carried out. */
export type Executor =
  /** `argv` holds Liquid templates; no shell. */
  | { readonly kind: 'run'; readonly argv: readonly string[] }
  /** `text` is a Liquid template. */
  | { readonly kind: 'ask'; readonly text: string }
  | HttpRequest
  | { readonly kind: 'call'; readonly name: string }
  | SubPlan
  /** A person is asked; `text` is a Liquid template. */
  | { readonly kind: 'gate'; readonly text: string }
  /** Of a fallback. */
  | { readonly kind: 'constant'; readonly value: Json };

/** A plan that is run within the run, with params by name; values are CEL. */
export interface SubPlan {
  readonly kind: 'plan';
  readonly plan: { readonly from: string } | { readonly file: SubPlanFile };
  readonly params: { readonly [name: string]: string };
}
export interface SubPlanFile {
  /** Relative to the plan's folder. */
  readonly path: string;
  readonly digest: string;
  /** How many are written in it. */
  readonly briefs: number;
}

/** Of `url` and the text of headers, Liquid templates; scheme, host and port of `url` are written out. */
export interface HttpRequest {
  readonly kind: 'http';
  readonly method: HttpMethod;
  readonly url: string;
  readonly headers: readonly HttpHeader[];
  /** CEL for the value sent as JSON. */
  readonly body?: string;
  /** Status codes that mean success; absent: 200 to 299. */
  readonly okStatus?: readonly number[];
}

export const HTTP_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
export type HttpMethod = (typeof HTTP_METHODS)[number];

export type HttpHeader = { readonly name: string } & (
  | { readonly text: string }
  /** What the worker's environment has under that name when the request is sent, after `prefix`. */
  | { readonly env: string; readonly prefix?: string }
);
