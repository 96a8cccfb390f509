import type { Json } from '../../outcome/canonical.js';

/** Texts that tell whoever reads them what to say, or speak of the requirement itself; rather too many than too few. */
const ORDERS =
  /\b(?:ignore|disregard|forget|override)\b|\binstructions?\b|\b(?:mark|say|answer|respond|reply|report|return|declare|treat|consider|set|judge|quote)\b[^.]{0,80}\b(?:pass(?:ed|es)?|valid(?:ated|ation)?|holds?|true|met|covered|complete|approved|fails?|false|contradicted)\b|\b(?:choose|pick|prefer|select)\b[^.]{0,40}\b(?:this|value|option|one|first|last)\b|<<<|>>>/iu;

/** @param says of the requirement that is judged, where one is */
const isOrder = (text: string, says?: string): boolean =>
  ORDERS.test(text) || (says !== undefined && text.includes(says));

/** Whether a text of it may be meant for its judge. */
export const speaks = (value: Json): boolean => orderIn(value) !== undefined;

/** The first such text. */
export const orderIn = (value: Json, says?: string): string | undefined =>
  leaves(value).find((text) => isOrder(text, says));

/** The same without such texts, and saying so. */
export function hushed(value: Json, says?: string): Json {
  if (typeof value === 'string') return isOrder(value, says) ? LEFT_OUT : value;
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return (value as readonly Json[]).map((one) => hushed(one, says));
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [isOrder(name, says) ? LEFT_OUT : name, hushed(one, says)]),
  );
}
/** Stands where a text is left out. */
export const LEFT_OUT = '[a text was left out here]';

/** Every text, name of a field and number, as it reads. */
export function leaves(value: Json): readonly string[] {
  if (value === null || typeof value === 'boolean') return [];
  if (typeof value !== 'object') return [String(value)];
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap(leaves);
  return Object.entries(value).flatMap(([name, one]) => [name, ...leaves(one)]);
}
