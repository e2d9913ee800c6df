// What electron-builder packages, and how it is locked down; `npm run package` calls it with the Electron that there is.
import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { unneededModules } from "./electron/runtime/packaged-modules.mjs";

/** What package.json of the packages that the app needs doesn't tell. */
const moduleNeeds = { also: ["@img/sharp-wasm32"], onlyToInstall: ["adm-zip", "global-agent"] };

const root = dirname(fileURLToPath(import.meta.url));

/**
 * @param {object} given
 * @param {string} given.electronDist folder of the unpacked Electron
 * @param {string} given.electronVersion
 * @param {number} given.fuseCount how many fuses that Electron has; newer ones were added at the end
 * @param {boolean} given.testBuild leaves on the fuse that Playwright needs, and no other
 * @param {(context: import("electron-builder").AfterPackContext) => void} given.packed is told of the finished folder
 * @returns {import("electron-builder").Configuration & {directories: {output: string}}}
 */
export function packagingConfig({ electronDist, electronVersion, fuseCount, testBuild, packed }) {
  return {
    appId: "app.offramp.desktop",
    productName: "Offramp",
    copyright: "The Offramp authors, MIT licence",
    directories: { output: `artifacts/${testBuild ? "test-package" : "package"}` },
    electronDist,
    electronVersion,
    electronLanguages: ["en", "en-US"],
    electronFuses: fuses(fuseCount, testBuild),
    npmRebuild: false, // onnxruntime-node and sharp bring Node-API builds, which no Electron version breaks
    extraMetadata: { author: "The Offramp authors", homepage: "https://arxiv.org/abs/2008.03997" },
    files: [
      "dist/**/*.cjs", // the command line and its parts are .js
      "dist/{renderer,samples}/**",
      "assets/{runners,tune}/**",
      "assets/samples/*/explored.offramp", // the models alone are for the command line's demo
      "package.json",
      "!**/*.map",
      "!**/*.d.{cts,mts}",
      ...unneededModules(root, moduleNeeds).map((folder) => `!${folder}/**`),
      ...withoutOtherPlatforms(process.platform),
      "!node_modules/{onnxruntime-node,onnxruntime-common}/{lib,script}/**",
      "!node_modules/sharp/{src,install}/**",
    ],
    asar: true,
    // What native code opens, which doesn't know archives, and what is read like a person's own files.
    asarUnpack: [
      "**/*.node",
      "**/*.so",
      "**/*.so.*",
      "**/*.dll",
      "**/*.dylib",
      "assets/**",
      "node_modules/@img/sharp-wasm32/**",
    ],
    afterPack: async (context) => {
      await removeLoaders(context);
      packed(context);
    },
    fileAssociations: [
      {
        ext: "offramp",
        name: "Offramp project",
        description: "Offramp project",
        mimeType: "application/x-offramp",
        role: "Editor",
        rank: "Owner",
      },
      {
        ext: "onnx",
        name: "ONNX model",
        description: "ONNX model",
        mimeType: "application/x-onnx",
        role: "Viewer",
        rank: "Alternate",
      },
    ],
    linux: {
      target: ["AppImage", "deb"],
      icon: "assets/icons",
      category: "Science",
      synopsis: "Design explorer for early-exit CNNs",
      maintainer: "The Offramp authors",
    },
    win: { target: ["nsis"], icon: "assets/icons/icon.ico" },
    nsis: { oneClick: false, allowToChangeInstallationDirectory: true },
    mac: { target: ["dmg"], icon: "assets/icons/icon.icns", category: "public.app-category.developer-tools" },
  };
}

/**
 * @param {number} count
 * @param {boolean} testBuild
 */
function fuses(count, testBuild) {
  const inOrder = Object.entries({
    runAsNode: false,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: testBuild,
    enableEmbeddedAsarIntegrityValidation: true, // checked on macOS and Windows; Linux has no such check
    onlyLoadAppFromAsar: true,
    loadBrowserProcessSpecificV8Snapshot: false,
    grantFileProtocolExtraPrivileges: false,
  });
  return Object.fromEntries(inOrder.slice(0, count));
}

/**
 * Native parts of the platform at hand only. On Linux images are read by sharp's WebAssembly build, elsewhere by the
 * native one: see electron/engine/process/images-in-electron.cjs.
 * @param {NodeJS.Platform} platform
 */
function withoutOtherPlatforms(platform) {
  const runtime = "node_modules/onnxruntime-node/bin/napi-v*";
  const others = ["darwin", "linux", "win32"].filter((name) => name !== platform);
  return [
    `!${runtime}/{${others}}/**`,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: electron-builder's own macro
    `!${runtime}/*/!(${"${arch}"})/**`,
    `!${runtime}/darwin/*/libonnxruntime.*.*.*.dylib`, // the same again; the binding asks for libonnxruntime.1.dylib
    ...(platform === "linux"
      ? ["!node_modules/@img/sharp-linux*/**", "!node_modules/@img/sharp-libvips-linux*/**"]
      : ["!node_modules/@img/sharp-wasm32/**"]),
  ];
}

/**
 * Takes out what starts an app that isn't packaged, and the notes of the fallback's installation.
 * @param {import("electron-builder").AfterPackContext} context
 */
async function removeLoaders({ appOutDir, packager }) {
  const resources = packager.getResourcesDir(appOutDir);
  const left = ["default_app.asar", "app"].map((name) => join(resources, name));
  for (const path of [...left, join(appOutDir, "offramp-fallback.json")])
    await rm(path, { recursive: true, force: true });
}
