import regexp from 'eslint-plugin-regexp';
import security from 'eslint-plugin-security';
import { eslint } from '../tools/eslint.mjs';

/** Dangerous calls and lookups, and regular expressions that an input can make to run for ever. */
export const review = eslint([security.configs.recommended, regexp.configs.recommended]);
