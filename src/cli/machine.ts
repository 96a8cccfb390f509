import { type Config, readConfig } from '../config.js';
import type { SessionOptions } from './context.js';

/** @throws Failure InvalidInput where the settings will not do */
export const configFor = ({ functions }: SessionOptions = {}): Config =>
  readConfig(undefined, functions === undefined ? {} : { MUSTER_FUNCTIONS: functions });

export const nothingRuns = (home: string): string =>
  `No Temporal server runs for ${home}. Runs that are open there go on as soon as it does: \`muster watch RUN\` starts it, and so does \`muster dev\`.`;
