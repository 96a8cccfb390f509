import { inkOf } from '../wording/ink.js';
import { code, prose } from './escape.js';

/** How Markdown sets what a report says. */
export const INK = inkOf<string>({
  prose,
  code,
  brief: code,
  strong: (words) => `**${words}**`,
  em: (words) => `*${words}*`,
  say: (words, ...set) => String.raw({ raw: words }, ...set),
});
