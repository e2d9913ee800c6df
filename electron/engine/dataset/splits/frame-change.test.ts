import { describe, expect, it } from "vitest";
import type { ByteImage } from "../corruptions/corruption.ts";
import { frameChange } from "./frame-change.ts";

/** Turns bytes around, and keeps what it was given. */
function inverting(seen: ByteImage[]) {
  return async (image: ByteImage) => {
    seen.push(image);
    return { ...image, data: image.data.map((byte) => 255 - byte) };
  };
}

describe("frameChange", () => {
  it("shows a change what the network sees, and no more", async () => {
    const seen: ByteImage[] = [];
    const change = frameChange(inverting(seen), { height: 2, width: 1 }, undefined);
    const image = { width: 3, height: 3, channels: 1, data: Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8) };
    const changed = await change({ image, top: 1, left: 2 }, 0, "here");
    expect([...seen[0].data]).toEqual([5, 8]);
    expect(changed).toEqual({
      image: { width: 1, height: 2, channels: 1, data: Uint8Array.of(250, 247) },
      top: 0,
      left: 0,
    });
  });

  it("changes floats as bytes, and gives them back in their own range", async () => {
    const seen: ByteImage[] = [];
    const change = frameChange(inverting(seen), { height: 1, width: 3 }, { factor: 127.5, offset: 127.5 });
    const image = { width: 3, height: 1, channels: 1, data: Float32Array.of(-1, 0.2, 1.01) };
    const { image: changed } = await change({ image, top: 0, left: 0 }, 0, "here");
    expect([...seen[0].data]).toEqual([0, 153, 255]);
    expect(changed.data).toEqual(Float32Array.of(1, -0.2, -1));
  });
});
