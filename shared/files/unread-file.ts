/**
 * What is wrong with a file of ours that doesn't fit its schema, as the end of "FILE …".
 * @param kind "profile"
 * @param newest version that is read; all before it are too
 * @param content as its JSON has it
 */
export function unreadReason(kind: string, newest: number, content: unknown): string {
  const version: unknown = (content as { readonly version?: unknown } | null | undefined)?.version;
  return typeof version === "number" && version > newest
    ? `is an Offramp ${kind} of version ${version}; this Offramp reads versions up to ${newest}, so get a newer one`
    : `is no Offramp ${kind} of version 1 to ${newest}, or is damaged`;
}
