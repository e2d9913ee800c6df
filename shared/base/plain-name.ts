/** Control characters and those that turn the direction of text: a name must not rearrange or hide what stands beside it. */
const hidden = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** A name out of a file as it may be shown: what can't be seen is made visible. */
export function plainName(name: string): string {
  return name.replace(hidden, "\ufffd");
}

const longestName = 60;

/** The first few of a list of names, as they may be shown: "cat, dog, emu, …". */
export function listNames(names: readonly string[], max = 5): string {
  const shown = names.slice(0, max).map((name) => {
    const plain = plainName(name.slice(0, longestName));
    return name.length > longestName ? `${plain}…` : plain;
  });
  return [...shown, ...(names.length > max ? ["…"] : [])].join(", ");
}
