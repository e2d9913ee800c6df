import { AppError } from "./errors.ts";

/**
 * The variant with an id.
 * @param what the variants are, for the message: `export format`
 * @throws AppError 'usage' if there is none
 */
export function byId<Variant extends { readonly id: string }>(
  variants: readonly Variant[],
  id: string,
  what: string,
): Variant {
  const variant = variants.find((candidate) => candidate.id === id);
  if (variant) return variant;
  const known = variants.map((candidate) => candidate.id).join(", ");
  throw new AppError("usage", `no ${what} '${id}'; choose from ${known}`);
}
