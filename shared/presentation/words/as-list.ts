/** Phrases in a row: "one", "one and two", "one, two and three". */
export function asList(phrases: readonly string[]): string {
  return [phrases.slice(0, -1).join(", "), phrases.at(-1)].filter(Boolean).join(" and ");
}
