import { parse } from 'yaml';
import { z } from 'zod';
import { hostPattern, isRange } from '../adapters/executors/hosts.js';
import type { Policy } from '../adapters/executors/policy.js';
import { Failure } from '../core/outcome/failure.js';
import { readText } from './readText.js';

const names = z.array(z.string());
const hosts = z.union([z.literal('*'), z.array(z.string().refine((entry) => hostPattern(entry)))], {
  error: 'wants `*`, or a list of hosts such as `api.example.com`, `*.example.com` and `localhost:8080`.',
});
const withoutPort = (entry: string) => isRange(entry) || hostPattern(entry)?.port === '';
const privateAddresses = z.union([z.boolean(), z.array(z.string().refine(withoutPort))], {
  error: 'wants true, false, or a list of hosts without a port and ranges such as `10.0.0.0/8`.',
});
const policySchema = z
  .strictObject({
    commands: z.union([z.literal('*'), names]),
    env: names,
    functions: z.union([z.literal('*'), names]),
    hosts,
    privateAddresses,
    inlineCommands: z.boolean(),
  })
  .partial();

/** What a worker lets plans do, from a YAML or JSON file. @throws Failure InvalidInput */
export function readPolicy(path: string): Partial<Policy> {
  const text = readText(path, 'policy');
  let document: unknown;
  try {
    document = parse(text);
  } catch (error) {
    throw new Failure('InvalidInput', `${path} is neither JSON nor YAML: ${(error as Error).message}`);
  }
  const read = policySchema.safeParse(document);
  if (read.success) return read.data as Partial<Policy>;
  const problems = read.error.issues.map(
    ({ path: place, message }) => `  ${place.join('.') || 'the file'}: ${message}`,
  );
  throw new Failure('InvalidInput', [`${path} is no policy:`, ...problems].join('\n'));
}
