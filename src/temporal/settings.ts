import { createRequire } from 'node:module';
import type { Config } from '../config.js';

const { version: VERSION } = createRequire(import.meta.url)('../../package.json') as { version: string };

/** What a worker must have been started with to carry out a plan as its starter means it. */
export interface Settings {
  /** Of Muster. */
  readonly version: string;
  readonly service?: string;
  readonly policy?: string;
  readonly functions?: string;
  readonly modelBaseURL?: string;
  readonly modelKey: boolean;
}

export function settingsOf({ service, policy, functions, model }: Config): Settings {
  return {
    version: VERSION,
    ...(service ? { service: service.address } : {}),
    ...(policy ? { policy } : {}),
    ...(functions ? { functions } : {}),
    ...(model.baseURL ? { modelBaseURL: model.baseURL } : {}),
    modelKey: model.apiKey !== undefined,
  };
}

/** One line for each setting in which a living supervisor differs from what is asked for. */
export function settingsThatDiffer(theirs: Settings, ours: Settings): string[] {
  const words = {
    version: 'version of Muster',
    service: 'Temporal service',
    policy: 'policy',
    functions: 'functions module',
    modelBaseURL: 'model address',
  } as const;
  const lines = Object.entries(words).flatMap(([key, word]) => {
    const [was, is] = [theirs[key as keyof typeof words], ours[key as keyof typeof words]];
    return was === is ? [] : [`${word}: there ${was ?? 'none'}, here ${is ?? 'none'}`];
  });
  if (ours.modelKey && !theirs.modelKey)
    lines.push('model key: there none, here one is set (OPENAI_API_KEY)');
  return lines;
}
