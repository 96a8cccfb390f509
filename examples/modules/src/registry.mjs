/** Every quantity that can be converted: each module enters itself below its name. */

// length

// mass

// temperature

export {};
