import { biome } from '../tools/biome.mjs';

export const review = biome('a11y');
