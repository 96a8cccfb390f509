import type { Bounds, Link } from '../../core/integrate/bounds.js';

/** What decided how long a run took, with the chain of briefs that shows it. */
export function boundedBy({ by, name, chain }: Bounds): string {
  const path = pathOf(chain);
  switch (by) {
    case 'needs':
      return chain.length === 1 ? `its longest brief, ${path}` : `the longest path, ${path}`;
    case 'capacity':
      return `\`${name}\`, which briefs waited for: ${path}`;
    case 'concurrency':
      return `how many may run at once: ${path} waited for a place`;
    case 'wave':
      return `waves that wait for each other: ${path}`;
    case 'worker':
      return `waiting for a worker: ${path}`;
    case 'deadline':
      return `the deadline, reached during ${path}`;
  }
}

/** A long chain by its ends. */
function pathOf(chain: readonly Link[]): string {
  const labels = chain.map(({ label }) => label);
  const shown =
    labels.length <= 6
      ? labels
      : [...labels.slice(0, 3), `… ${labels.length - 5} more …`, ...labels.slice(-2)];
  return shown.join(' → ');
}
