/** More than these make a message no clearer. */
const mostListed = 8;

/** The first few of a model's inputs or outputs, and how many more there are, for a message. */
export function listInShort<Item>(items: readonly Item[], describe: (item: Item) => string): string {
  const more = items.length - mostListed;
  const listed = items.slice(0, mostListed).map(describe).join(", ");
  return more > 0 ? `${listed} and ${more} more` : listed;
}
