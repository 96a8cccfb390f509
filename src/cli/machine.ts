import { type Config, readConfig } from '../config.js';
import type { SessionOptions } from './context.js';

/** @throws Failure InvalidInput where the settings will not do */
export const configFor = ({ functions }: SessionOptions = {}): Config =>
  readConfig(undefined, functions === undefined ? {} : { MUSTER_FUNCTIONS: functions });
