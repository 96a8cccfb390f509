import { parse } from 'yaml';
import { z } from 'zod';
import { Failure } from '../../core/outcome/failure.js';
import { readText } from '../readText.js';
import type { Policy } from './policy.js';

const names = z.array(z.string());
const policySchema = z
  .strictObject({
    commands: z.union([z.literal('*'), names]),
    env: names,
    functions: z.union([z.literal('*'), names]),
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
