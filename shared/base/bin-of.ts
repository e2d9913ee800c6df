/** The bin of equal width that a share of the range (0-1) falls into; what lies outside goes to the nearest. */
export function binOf(share: number, bins: number): number {
  return Math.min(bins - 1, Math.max(0, Math.floor(share * bins)));
}
