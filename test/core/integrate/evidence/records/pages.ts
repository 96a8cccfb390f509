/** What a page is about. */
export interface Product {
  readonly name: string;
  readonly price: number;
  readonly seats: number;
  /** Its licence, as an acronym and in full. */
  readonly short: string;
  readonly long: string;
}
export type Page = (product: Product) => string;

export const says = (product: Product): string => JSON.stringify(product);

/** Pages that say of what licence a product is elsewhere than what it costs. */
export const PAGES: { readonly [where: string]: Page } = {
  'in brackets, at the end of the sentence': ({ name, price, seats, short, long }) =>
    `${name} has a price of ${price} and ${seats} seats, under the ${long} (${short}).\n`,
  'in brackets, under a heading': ({ name, price, seats, short, long }) =>
    `# ${name}\n\n${name} has a price of ${price} and ${seats} seats, under the ${long} (${short}).\n`,
  'in the next sentence, by a pronoun': ({ name, price, seats, short, long }) =>
    `The price of ${name} is not small. ${name} costs ${price} and has ${seats} seats. It is under the ${long} (${short}).\n`,
  'in the next sentence, by its name': ({ name, price, seats, short }) =>
    `${name} costs ${price} and has ${seats} seats. ${name} is licensed under ${short}.\n`,
  'in the sentence before': ({ name, price, seats, short }) =>
    `${name} is licensed under ${short}. It costs ${price} and has ${seats} seats.\n`,
  'in a sentence with other figures': ({ name, price, seats, short, long }) =>
    `${name} costs ${price} and has ${seats} seats. Since 2021 it is under the ${long} (${short}); that ends after 4 years.\n`,
  'in another field': ({ name, price, seats, short }) =>
    `# ${name}\n\nPrice: ${price}\nSeats: ${seats}\n\nLicence: ${short}\n`,
  'in another item of a list': ({ name, price, seats, short, long }) =>
    `# ${name}\n\n- Price: ${price}\n- Seats: ${seats}\n- Licence: ${long} (${short})\n`,
  'in another section': ({ name, price, seats, short, long }) =>
    `# ${name}\n\n## Price\n\nThe price is ${price}, with ${seats} seats.\n\n## Licence\n\n${name} uses the ${long} (${short}).\n`,
};
