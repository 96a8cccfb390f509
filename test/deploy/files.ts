import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/** What is checked of a service in docker-compose.yml. */
export interface Service {
  readonly image?: string;
  readonly build?: string;
  readonly environment: { readonly [name: string]: string };
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly restart: string;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly networks: readonly string[];
  readonly depends_on?: { readonly [service: string]: { readonly condition: string } };
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly stop_grace_period?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly mem_limit?: string;
  readonly pids_limit?: number;
  readonly logging?: { readonly options: { readonly [name: string]: string } };
}

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const textOf = (path: string): string => readFileSync(`${root}${path}`, 'utf8');

interface Compose {
  readonly services: { readonly [name: string]: Service };
  readonly networks: { readonly [name: string]: { readonly internal?: boolean } };
  readonly volumes: { readonly [name: string]: object };
}
export const compose = parse(textOf('docker-compose.yml'), { merge: true }) as Compose;

/** The version that an image is pinned to. */
export const tagOf = (service: string): string => compose.services[service]?.image?.split(':')[1] ?? '';

export interface Instruction {
  readonly name: string;
  readonly rest: string;
}

/** Instructions of the Dockerfile, continued lines joined. */
export const dockerfile: readonly Instruction[] = textOf('Dockerfile')
  .replaceAll(/^#.*\n/gm, '')
  .replaceAll(/\s*\\\n\s*/g, ' ')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => ({ name: line.slice(0, line.indexOf(' ')), rest: line.slice(line.indexOf(' ') + 1) }));
