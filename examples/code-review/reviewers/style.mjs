import js from '@eslint/js';
import { eslint } from '../tools/eslint.mjs';

/** `eslint:recommended`: what the makers of ESLint advise every project to keep to. */
export const review = eslint([js.configs.recommended]);
