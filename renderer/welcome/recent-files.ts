/** A path as a list shows it: the file's name, and the folder that tells it from others. */
export function nameAndFolder(path: string): { readonly name: string; readonly folder: string } {
  const parts = path.split(/[\\/]/);
  const name = parts.at(-1) || path;
  return { name, folder: path.slice(0, Math.max(0, path.length - name.length - 1)) };
}
