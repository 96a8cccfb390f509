/** Units by wave, each wave in plan order. */
export type Waves = readonly (readonly number[])[];
