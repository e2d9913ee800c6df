// To be loaded before sharp in an Electron process. On Linux, Electron's executable brings the system's GLib with it, and
// sharp's own mixes with that: reference counts are lost, so that every image read leaks (0.25 MB a 256 x 256 image with
// Electron 25 and sharp 0.35.5), and other versions crash (electron 46323). Refusing the native build makes sharp take
// its WebAssembly build, @img/sharp-wasm32, which knows no other GLib and takes 1.5 times as long.
/** Node's loaders by file ending, which its types leave out. */
const { _extensions: loaders } =
  /** @type {{ _extensions: Record<string, (module: unknown, file: string) => unknown> }} */ (
    /** @type {unknown} */ (require("node:module"))
  );

if (process.versions.electron && process.platform === "linux") {
  const loadAddon = loaders[".node"];
  loaders[".node"] = (module, file) => {
    if (/[\\/]sharp-linux[^\\/]*\.node$/.test(file))
      throw new Error(`${file} and Electron on Linux can't share a process`);
    return loadAddon(module, file);
  };
}
