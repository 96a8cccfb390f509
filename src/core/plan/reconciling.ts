import type { Digest, Json } from '../outcome/canonical.js';
import { data, section } from './prompt.js';
import type { AskWork } from './render.js';

/** The same work, with what was said of it from each viewpoint. */
export const reconciling = (
  { messages, ...work }: AskWork,
  views: readonly (readonly [name: string, said: Json | undefined])[],
  digest: Digest,
): AskWork => ({
  ...work,
  messages: [
    ...messages,
    {
      role: 'user',
      content: [
        section(
          'Views',
          'The task was done from several viewpoints. Give the one answer that all of them together support: keep what holds, weigh them against each other where they differ, and take nothing over that none of them bears out.',
        ),
        ...views.map(([name, said]) =>
          data(
            `the view ${name}`,
            said === undefined ? 'missing' : typeof said === 'string' ? said : JSON.stringify(said),
            digest,
          ),
        ),
      ].join('\n\n'),
    },
  ],
});
