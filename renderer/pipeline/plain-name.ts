/** Control characters and those that turn the direction of text: a name must not rearrange or hide what stands beside it. */
const hidden = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** A name out of a file as it may be shown: what can't be seen is made visible. */
export function plainName(name: string): string {
  return name.replace(hidden, "\ufffd");
}
