import { convert, type Unit } from 'convert';

/** Whether it is a unit that numbers can be converted to. */
export const isUnit = (unit: string): boolean => converted(1, unit, unit) !== undefined;

/** Undefined where the one cannot be said in the other. */
export function converted(number: number, from: string, to: string): number | undefined {
  try {
    const result = convert(number, from as Unit).to(to as Unit);
    return Number.isFinite(result) ? result : undefined;
  } catch {
    return undefined;
  }
}
