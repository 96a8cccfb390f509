import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Report } from '../../src/core/integrate/report.js';
import { type Ended, endOf, type Place, place } from './muster.js';
import { readReport } from './report.js';

export const exampleAt = (path: string): string =>
  fileURLToPath(new URL(`../../examples/${path}`, import.meta.url));

export interface Example extends Ended {
  readonly report: Report;
  readonly markdown: string;
}

/** Runs the plan of an example to its end, under the id `id`, and reads its report. */
export async function runExample(
  here: Place,
  name: string,
  id: string,
  ...args: readonly string[]
): Promise<Example> {
  const ended = await here.muster('run', exampleAt(`${name}/plan.yaml`), '--id', id, ...args);
  return { ...ended, ...reportOf(here, id) };
}

/** A place in which no model is set up, and no service. */
export function placeWithoutModels(): Place {
  const here = place({ embedded: true });
  for (const name of Object.keys(here.env)) if (/^(OPENAI|TEMPORAL)_/.test(name)) delete here.env[name];
  return here;
}

/** Runs the command that comes with an example, which has a stand-in where no model is set up. */
export const runOwn = (here: Place, name: string, args: readonly string[]): Promise<Ended> =>
  endOf(process.execPath, [exampleAt(`${name}/run.mjs`), ...args], { env: here.env, cwd: here.folder });

/** As `muster run` left it in the folder of reports. */
export function reportOf(here: Place, id: string, home = 'home'): Pick<Example, 'report' | 'markdown'> {
  const folder = `${home}/reports/${encodeURIComponent(id)}`;
  return {
    report: readReport(here.read(`${folder}/report.json`)),
    markdown: here.read(`${folder}/report.md`),
  };
}

/** Its page, as a file. */
export const pageAt = (here: Place, id: string, home = 'home'): string =>
  join(here.folder, home, 'reports', encodeURIComponent(id), 'report.html');

/** Labels of what was carried out in this run, not used again. */
export const carriedOut = ({ run }: Report): readonly string[] =>
  run.briefs.flatMap(({ label, tries }) => (tries > 0 ? [label] : []));
