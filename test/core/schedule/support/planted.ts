import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript';
import type { Dispatcher } from './chaos.js';

export interface Planted {
  /** What goes wrong, in words. */
  readonly bug: string;
  /** Below `src/core`. */
  readonly file: string;
  /** Is there once, and is replaced. */
  readonly find: string;
  readonly put: string;
}

const CORE = fileURLToPath(new URL('../../../../src/core/', import.meta.url));
/** What the dispatcher is made of. */
const PARTS = ['schedule', 'graph', 'outcome'];

/** Does something with a dispatcher in which one thing is wrong. @throws Error where the source is not as the bug takes it to be */
export async function withPlanted<R>({ file, find, put }: Planted, work: (bad: Dispatcher) => R): Promise<R> {
  const folder = mkdtempSync(join(tmpdir(), 'muster-planted-'));
  try {
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    for (const part of PARTS)
      for (const name of readdirSync(join(CORE, part)).map((one) => `${part}/${one}`)) {
        let text = readFileSync(join(CORE, name), 'utf8');
        if (name === file) {
          if (text.split(find).length !== 2) throw new Error(`${file} does not hold this once: ${find}`);
          text = text.replace(find, put);
        }
        const to = join(folder, name.replace(/\.ts$/, '.js'));
        mkdirSync(dirname(to), { recursive: true });
        const { ESNext: module } = ts.ModuleKind;
        writeFileSync(
          to,
          ts.transpileModule(text, { compilerOptions: { module, target: ts.ScriptTarget.ES2022 } })
            .outputText,
        );
      }
    return work(
      (await import(/* @vite-ignore */ pathToFileURL(join(folder, 'schedule/step.js')).href)) as Dispatcher,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
