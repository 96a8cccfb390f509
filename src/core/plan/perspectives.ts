import type { Perspective } from './plan.js';
import { section } from './prompt.js';

/** What a model is told of the viewpoint that it takes. */
export const viewpoint = ({ name, says }: Perspective): string =>
  section(
    'Viewpoint',
    `Do the task from this viewpoint, and from no other: ${name}.${says === undefined ? '' : ` ${says}`} Others take other viewpoints, and somebody brings all of them together.`,
  );
