import pc from 'picocolors';

export type Paint = ReturnType<typeof pc.createColors>;

/** What a view must fit. Views are pure: data and a look in, lines out. */
export interface Look {
  /** Columns. */
  readonly width: number;
  readonly paint: Paint;
}

/** Without colour, and as wide as a narrow terminal. */
export const PLAIN: Look = { width: 80, paint: pc.createColors(false) };
export const COLOURED: Paint = pc.createColors(true);
