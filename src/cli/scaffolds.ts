/** Of what there is a beginning, in `scaffolds/` of the package. */
export const SCAFFOLDS = ['role', 'executor', 'plan', 'worker'] as const;
export type Scaffold = (typeof SCAFFOLDS)[number];
