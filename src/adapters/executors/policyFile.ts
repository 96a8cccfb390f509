import { z } from 'zod';
import { Failure } from '../../core/outcome/failure.js';
import { DURATION, milliseconds } from '../../core/plan/durations.js';
import { readYaml } from '../readYaml.js';
import { hostPattern, isRange } from './hosts.js';
import type { Policy } from './policy.js';

const names = z.array(z.string());
const wantsHost = 'wants a host such as `api.example.com`, `*.example.com` or `localhost:8080`.';
const host = z.string().refine((entry) => hostPattern(entry) !== undefined, wantsHost);
const wantsPlace = 'wants a host without a port, an address, or a range such as `10.0.0.0/8`.';
const place = z.string().refine((entry) => isRange(entry) || hostPattern(entry)?.port === '', wantsPlace);
const count = z.int('wants a whole number.').min(1, 'wants at least 1.');
const duration = z
  .string('wants a duration such as `1m`.')
  .regex(DURATION, 'wants a duration such as `1m` or `10s`.')
  .transform(milliseconds)
  .refine((ms) => ms >= 1_000, 'wants at least 1s.');
const allowance = z
  .strictObject({
    requests: count,
    tokens: count,
    per: duration,
    concurrency: count,
    instead: z.string().min(1),
  })
  .partial()
  .transform(({ per, ...rest }) => ({ ...rest, ...(per !== undefined && { perMs: per }) }));
const policySchema = z
  .strictObject({
    commands: z.union([z.literal('*'), names]),
    env: names,
    functions: z.union([z.literal('*'), names]),
    hosts: z.union([z.literal('*'), z.array(host)], 'wants `*`, or a list of hosts.'),
    privateAddresses: z.union([z.boolean(), z.array(place)], 'wants true, false, or a list of places.'),
    inlineCommands: z.boolean(),
    models: z.record(z.string().min(1), allowance),
  })
  .partial();

/** What a worker lets plans do, from a YAML or JSON file. @throws Failure InvalidInput */
export function readPolicy(path: string): Partial<Policy> {
  const read = policySchema.safeParse(readYaml(path, 'policy'));
  if (read.success) return read.data as Partial<Policy>;
  const problems = read.error.issues.map(
    ({ path: place, message }) => `  ${place.join('.') || 'the file'}: ${message}`,
  );
  throw new Failure('InvalidInput', [`${path} is no policy:`, ...problems].join('\n'));
}
