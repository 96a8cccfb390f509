/** One thing wrong, or doubtful, with a plan: what, where, and what to do. */
export interface Problem {
  readonly severity: 'error' | 'warning';
  /** Path in the document, such as `briefs[1].needs[0]`; empty for the document itself. */
  readonly path: string;
  /** Counted from 1; absent where the plan came without text. */
  readonly line?: number;
  readonly message: string;
}

/** The errors among them, a line each. */
export const listed = (problems: readonly Problem[]): string =>
  problems
    .filter(({ severity }) => severity === 'error')
    .map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
    .join('\n');

/** Keys and places from the document's root. */
export type Path = readonly (string | number)[];

export const pathText = (path: Path): string =>
  path.reduce<string>(
    (so, step) => (typeof step === 'number' ? `${so}[${step}]` : so ? `${so}.${step}` : step),
    '',
  );

/** What the steps of the compiler report to; nothing stops at the first problem. */
export class Problems {
  readonly #found: Problem[] = [];
  /** Paths already complained about as a whole: what hangs on them is not complained about again. */
  readonly #doubtful = new Set<string>();
  #line: (path: Path) => number | undefined = () => undefined;

  /** From here on problems carry the line of their path. */
  locateBy(line: (path: Path) => number | undefined): void {
    this.#line = line;
  }
  error(path: Path, message: string, line = this.#line(path)): void {
    this.#add('error', path, message, line);
  }
  warning(path: Path, message: string): void {
    this.#add('warning', path, message, this.#line(path));
  }
  doubt(path: Path): void {
    this.#doubtful.add(pathText(path));
  }
  doubts(...path: Path): boolean {
    return this.#doubtful.size > 0 && this.#doubtful.has(pathText(path));
  }
  /** Whether anything at or below the path is doubtful. */
  doubtsWithin(...path: Path): boolean {
    const place = pathText(path);
    return [...this.#doubtful].some((doubtful) => doubtful === place || doubtful.startsWith(`${place}.`));
  }
  /** For a file that the plan takes in at `path`: what is wrong inside it is shown there, with the file's own line. */
  within(path: Path, file: string): Problems {
    const outer = this;
    return new (class extends Problems {
      override error(_: Path, message: string, line?: number): void {
        outer.error(path, `${file}${line === undefined ? '' : ` line ${line}`}: ${message}`);
      }
    })();
  }
  get failed(): boolean {
    return this.#found.some((problem) => problem.severity === 'error');
  }
  /** In document order, each once. */
  list(): readonly Problem[] {
    const distinct = new Map(this.#found.map((problem) => [JSON.stringify(problem), problem]));
    return [...distinct.values()].sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  }
  #add(severity: Problem['severity'], path: Path, message: string, line: number | undefined): void {
    this.#found.push({ severity, path: pathText(path), ...(line !== undefined && { line }), message });
  }
}
