/** What plans may name under `call`; each is loaded in a thread of its own. */
export const greet = ({ input }) => ({ greeting: `Hello, ${input.name}.` });
