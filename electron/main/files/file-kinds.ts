import { extname, resolve } from "node:path";

/** What a file that can be opened holds, by its name; undefined for any other. */
export function fileKind(path: string): "project" | "model" | undefined {
  switch (extname(path).toLowerCase()) {
    case ".offramp":
      return "project";
    case ".onnx":
      return "model";
    default:
      return undefined;
  }
}

/**
 * The file that a start asks for: the first argument that is no option.
 * @param argv the executable first
 * @param namesApp whether the app's own folder comes before it: Electron runs unpackaged
 * @param folder what a relative path starts from
 */
export function fileAmong(argv: readonly string[], namesApp: boolean, folder: string): string | null {
  const paths = argv.slice(1).filter((argument) => argument !== "" && !argument.startsWith("-"));
  const path = paths[namesApp ? 1 : 0];
  return path === undefined ? null : resolve(folder, path);
}
