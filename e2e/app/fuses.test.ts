import { FuseV1Options, getCurrentFuseWire } from "@electron/fuses";
import { expect, it } from "vitest";

/** As they stand in the binary: the digits 0 and 1. */
const fuse = { off: "0".charCodeAt(0), on: "1".charCodeAt(0) };

const packaged = process.env.OFFRAMP_PACKAGED;

it.skipIf(!packaged)("a packaged app has its fuses set (skipped: these are the sources)", async () => {
  const wire = await getCurrentFuseWire(packaged!);
  const state = (name: FuseV1Options) => wire[name];
  for (const name of [
    FuseV1Options.RunAsNode,
    FuseV1Options.EnableNodeOptionsEnvironmentVariable,
    FuseV1Options.LoadBrowserProcessSpecificV8Snapshot,
  ])
    expect(state(name), FuseV1Options[name]).toBe(fuse.off);
  for (const name of [FuseV1Options.EnableCookieEncryption, FuseV1Options.OnlyLoadAppFromAsar])
    expect(state(name), FuseV1Options[name]).toBe(fuse.on);
});
