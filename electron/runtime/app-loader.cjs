// The fallback's resources/app/main.js. It does what `electron PATH` does where Electron brings its default_app.asar:
// takes the app's name and version from its package.json, then runs its main module. PATH comes in OFFRAMP_APP.
const { existsSync, readFileSync, statSync } = require("node:fs");
const path = require("node:path");
const { app, dialog } = require("electron");

const given = process.env.OFFRAMP_APP;
if (!given || !existsSync(given)) {
  dialog.showErrorBox("Offramp", `OFFRAMP_APP must be the path of the app, but is ${given ?? "not set"}`);
  process.exit(1);
}
const root = path.resolve(given);
let main = root;
if (statSync(root).isDirectory()) {
  const manifest = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
  if (manifest.productName || manifest.name) app.setName(manifest.productName || manifest.name);
  if (manifest.version) app.setVersion(manifest.version);
  if (manifest.desktopName) app.setDesktopName(manifest.desktopName);
  app.setAppPath(root);
  // Electron chose the folder before this file ran, by the loader's name; Chromium's own switch stands.
  if (!app.commandLine.hasSwitch("user-data-dir"))
    app.setPath("userData", path.join(app.getPath("appData"), app.getName()));
  main = path.join(root, manifest.main || "index.js");
}
delete process.env.OFFRAMP_APP;
process.defaultApp = true;
process.argv.splice(1, 0, root);
require(main);
