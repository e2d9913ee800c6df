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
 * @param own the arguments behind those that name Electron and the app
 * @param folder what a relative path starts from
 */
export function fileAmong(own: readonly string[], folder: string): string | null {
  const path = own.find((argument) => argument !== "" && !argument.startsWith("-"));
  return path === undefined ? null : resolve(folder, path);
}
