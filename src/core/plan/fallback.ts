import type { Brief } from './plan.js';

/** A brief as it is carried out: as its fallback says, once that carries on. */
export const inForce = (brief: Brief, fellBack: unknown): Brief =>
  fellBack && brief.fallback ? brief.fallback : brief;
