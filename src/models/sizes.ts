/** By parameters: the sizes that a list is asked for. Lower bounds are inclusive. */
export const sizes = [
  { id: 'tiny', from: 0, to: 1e6 },
  { id: 'small', from: 1e6, to: 1e7 },
  { id: 'medium', from: 1e7, to: 5e7 },
  { id: 'large', from: 5e7, to: Infinity },
] as const;
export type SizeId = (typeof sizes)[number]['id'];

/** The size of a network of so many parameters. */
export const sizeOf = (params: number): SizeId => sizes.find(({ to }) => params < to)!.id;
