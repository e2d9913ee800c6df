import { FuseState, FuseV1Options, getCurrentFuseWire } from "@electron/fuses";
import { expect, it } from "vitest";

const packaged = process.env.OFFRAMP_PACKAGED;

it.skipIf(!packaged)("a packaged app has its fuses set (skipped: these are the sources)", async () => {
  const wire = await getCurrentFuseWire(packaged!);
  const state = (fuse: FuseV1Options) => wire[fuse];
  for (const fuse of [
    FuseV1Options.RunAsNode,
    FuseV1Options.EnableNodeOptionsEnvironmentVariable,
    FuseV1Options.LoadBrowserProcessSpecificV8Snapshot,
  ])
    expect(state(fuse), FuseV1Options[fuse]).toBe(FuseState.DISABLE);
  for (const fuse of [FuseV1Options.EnableCookieEncryption, FuseV1Options.OnlyLoadAppFromAsar])
    expect(state(fuse), FuseV1Options[fuse]).toBe(FuseState.ENABLE);
});
