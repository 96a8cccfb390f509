import { isAbsolute, relative, resolve } from 'node:path';
import { reportsFolder, writeReports } from '../adapters/reports.js';
import type { RunReport } from '../client.js';
import type { RunView } from '../core/explain/runView.js';
import type { Session } from './context.js';
import { EXIT, exitOf } from './exit.js';
import { type FormatOptions, formatOf, inFormat } from './formats.js';
import type { Screen } from './screen.js';
import { endView } from './views/end.js';
import { unreportedView } from './views/unreported.js';

export interface FinishOptions extends FormatOptions {
  /** Folder for the reports; `<home>/reports/<id>` unless told. */
  readonly out?: string;
  /** Standard output is `report.md`. */
  readonly markdown?: boolean;
  /** Folder, new or empty, for the lists of the answer as they are, also what is too long for the report. */
  readonly apart?: string;
}

/** Writes the reports of a run that has ended, and says how it ended. @returns the exit code */
export async function finish(
  view: RunView,
  session: Session,
  options: FinishOptions,
  screen: Screen,
): Promise<number> {
  const { id, phase } = view;
  const stored = await session.muster.result(id);
  if (!stored) {
    screen.progress((look) => unreportedView(view, look));
    screen.object({ run: id, status: phase, ...(view.failure ? { error: view.failure } : {}) });
    screen.event({
      event: 'ended',
      run: id,
      status: phase,
      ...(view.failure ? { error: view.failure } : {}),
    });
    return view.failure && REFUSALS.has(view.failure.type) ? EXIT.invalidInput : exitOf(phase);
  }
  return present(stored, session, options, screen);
}

/** What a worker says of a plan it will not begin: nothing was started. */
const REFUSALS: ReadonlySet<string> = new Set(['InvalidPlan', 'InvalidInput', 'CommandNotAllowed']);

/** Writes a report beside the others, and shows how its run ended. @returns the exit code */
export async function present(
  stored: RunReport,
  session: Session,
  options: FinishOptions,
  screen: Screen,
): Promise<number> {
  const { entry, report, html } = stored;
  const format = screen.wishes.json ? 'json' : options.markdown ? 'md' : formatOf(options);
  const document = format && (await inFormat(format, stored, options, session));
  const folder = options.out ?? reportsFolder(session.home, entry.id, report.run.integrated?.plan);
  writeReports(folder, stored);
  if (options.apart !== undefined) await session.muster.apart(stored, resolve(options.apart));
  screen.event({
    event: 'ended',
    run: entry.id,
    status: report.run.status,
    answer: report.run.answer,
    folder,
  });
  if (document !== undefined) screen.raw(document);
  else screen.answer((look) => endView({ report, folder: shown(folder), page: html !== undefined }, look));
  return exitOf(report.run.status);
}

/** Relative to the current folder where it lies below it. */
function shown(folder: string): string {
  const way = relative(process.cwd(), folder);
  return way === '' ? '.' : way.startsWith('..') || isAbsolute(way) ? folder : way;
}
