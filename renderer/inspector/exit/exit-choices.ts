/** What the exit has now can be chosen even if the project no longer knows it. */
export function withOwn(ids: readonly string[], own: string): readonly string[] {
  return ids.includes(own) ? ids : [...ids, own];
}

/** Variants as choices, by their titles. */
export function titledVariants(
  ids: readonly string[],
  variants: readonly { readonly id: string; readonly title: string }[] | undefined,
) {
  return ids.map((id) => ({ value: id, label: variants?.find((variant) => variant.id === id)?.title ?? id }));
}
