import type { Config } from '../config.js';
import { VERSION } from '../version.js';

/** What a worker must have been started with to carry out a plan as its starter means it. */
export interface Settings {
  /** Of Muster. */
  readonly version: string;
  readonly service?: string;
  readonly policy?: string;
  readonly functions?: string;
  readonly modelBaseURL?: string;
  readonly modelKey: boolean;
  /** Ids of the keys of payloads, the first of them encrypts. */
  readonly payloadKeys?: readonly string[];
}

export function settingsOf({ service, policy, functions, model, payloadKeys }: Config): Settings {
  return {
    version: VERSION,
    ...(service ? { service: service.address } : {}),
    ...(policy ? { policy } : {}),
    ...(functions ? { functions } : {}),
    ...(model.baseURL ? { modelBaseURL: model.baseURL } : {}),
    modelKey: model.apiKey !== undefined,
    ...(payloadKeys && { payloadKeys: payloadKeys.map(({ id }) => id) }),
  };
}

const WORDS = {
  version: 'version of Muster',
  service: 'Temporal service',
  policy: 'policy',
  functions: 'functions module',
  modelBaseURL: 'model address',
} as const;
type Named = keyof typeof WORDS;

/** One line for each setting in which a living supervisor differs from what is asked for. */
export function settingsThatDiffer(theirs: Settings, ours: Settings): string[] {
  const lines = [...differing(theirs, ours, Object.keys(WORDS) as Named[]), ...otherKeys(theirs, ours)];
  return ours.modelKey && !theirs.modelKey
    ? [...lines, 'model key: there none, here one is set (OPENAI_API_KEY)']
    : lines;
}

/** One line for each setting that open runs were started under and that a new worker would not have. */
export function settingsMissed(theirs: Settings, ours: Settings): string[] {
  const gone = theirs.payloadKeys?.some((id) => !ours.payloadKeys?.includes(id));
  const lines = [
    ...differing(theirs, ours, ['policy', 'functions', 'modelBaseURL']),
    ...(gone ? otherKeys(theirs, ours) : []),
  ];
  return theirs.modelKey && !ours.modelKey
    ? [...lines, 'model key: there one, here none (OPENAI_API_KEY)']
    : lines;
}

const differing = (theirs: Settings, ours: Settings, names: readonly Named[]): string[] =>
  names
    .filter((name) => theirs[name] !== ours[name])
    .map((name) => `${WORDS[name]}: there ${theirs[name] ?? 'none'}, here ${ours[name] ?? 'none'}`);

/** One encrypts what the other has to read. */
function otherKeys({ payloadKeys: theirs = [] }: Settings, { payloadKeys: ours = [] }: Settings): string[] {
  const said = (ids: readonly string[]) => ids.join(', ') || 'none';
  return said(theirs) === said(ours)
    ? []
    : [`keys of payloads: there ${said(theirs)}, here ${said(ours)} (MUSTER_CODEC_KEYS)`];
}
