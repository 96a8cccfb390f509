/** Of an odd number the middle one, else the upper of the two in the middle. */
export const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** "median (least to most)" of measurements in `unit`. */
export const spread = (numbers, unit, digits = 2) => {
  const [middle, least, most] = [median(numbers), Math.min(...numbers), Math.max(...numbers)].map((number) =>
    number.toFixed(digits),
  );
  return `${middle} ${unit} (${least} to ${most})`;
};

/** The smallest of the numbers that at least a share of them does not exceed. */
export const nearestRank = (numbers, share) =>
  numbers.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(share * numbers.length) - 1)];
