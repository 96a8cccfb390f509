import { parse } from 'yaml';
import { Failure } from '../core/outcome/failure.js';
import { readText } from './readText.js';

/** @throws Failure InvalidInput, where it cannot be read or is neither JSON nor YAML */
export function readYaml(file: string, what: Parameters<typeof readText>[1]): unknown {
  const text = readText(file, what);
  try {
    return parse(text);
  } catch (error) {
    throw new Failure('InvalidInput', `${file} is neither JSON nor YAML: ${(error as Error).message}`);
  }
}
