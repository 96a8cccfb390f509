import { OPEN_POLICY } from '../adapters/executors/policy.js';
import { redactor, redactorOf } from '../adapters/executors/redactor.js';
import { type Secrets, secretsOf } from '../adapters/executors/secrets.js';
import { type Config, environmentHere, readConfig } from '../config.js';
import { meansOf } from '../means.js';
import type { Finding } from '../temporal/doctor.js';

/** Those of a worker with these settings. @throws Failure InvalidInput where its policy is none */
async function secretsFor(config: Config): Promise<Secrets> {
  const { policy, env } = await meansOf(config);
  return secretsOf({ policy: { ...OPEN_POLICY, ...policy }, env });
}

/** Of what this command has to keep to itself; by names alone where its other settings will not do. */
export const redactorHere = () =>
  Promise.resolve()
    .then(() => redactorFor(readConfig()))
    .catch(() => redactorOf({ policy: OPEN_POLICY, env: environmentHere().reveal() }));

export const redactorFor = async (config: Config) => redactor((await secretsFor(config)).secrets);

/** What a worker with these settings takes out of outputs, and what it cannot; names only. */
export async function secretsFinding(config: Config): Promise<Finding> {
  const what = 'secrets';
  const { secrets, short } = await secretsFor(config);
  const names = [...new Set(secrets.map(({ name }) => name))].sort();
  const detail = `taken out of what briefs deliver and say: ${names.join(', ') || 'none'}`;
  return short.length === 0
    ? { what, state: 'ok', detail }
    : {
        what,
        state: 'missing',
        detail: `${detail}; too short for that: ${short.join(', ')}`,
        todo: 'Give those 8 characters or more, or list what is no secret under `plainEnv` of the policy.',
      };
}
