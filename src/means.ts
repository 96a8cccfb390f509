import type { Policy } from './adapters/executors/policy.js';
import type { Provider } from './adapters/executors/provider.js';
import type { Config, Environment } from './config.js';

/** What plans are carried out with, by the settings of a process. */
export interface Means {
  readonly env: Environment;
  readonly policy: Partial<Policy>;
  readonly model: Provider;
  /** URL of the module of functions. */
  readonly functions?: string;
}

/** What only some settings name is loaded only then. @throws Failure `InvalidInput` where the policy is none */
export async function meansOf({ environment, policy, model, functions }: Config): Promise<Means> {
  return {
    env: environment.reveal(),
    policy:
      policy === undefined ? {} : (await import('./adapters/executors/policyFile.js')).readPolicy(policy),
    model: {
      ...(model.baseURL !== undefined && { baseURL: model.baseURL }),
      ...(model.apiKey && { apiKey: model.apiKey.reveal() }),
    },
    ...(functions !== undefined && { functions }),
  };
}
