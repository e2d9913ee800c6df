import { describe, expect, it } from "vitest";
import type { ConfidenceTable } from "../../../shared/model/confidence-table.ts";
import type { Profile } from "../../../shared/model/profile.ts";
import { buildSearchSpace } from "../../../shared/space/build-space.ts";
import { tableSearchInputs } from "./table-search-inputs.ts";

function latency(meanMs: number) {
  return { medianMs: 9, meanMs, p5Ms: 9, p95Ms: 9, count: 20 };
}

const profile: Profile = {
  format: "offramp-profile",
  version: 2,
  id: "profile",
  graphSha256: "torch",
  target: { device: "d", operatingSystem: "o", runtime: "r", provider: "cuda", threads: 1 },
  backbone: latency(8),
  final: latency(8.5),
  prefixes: [
    { cutPoint: "layer1", ...latency(2) },
    { cutPoint: "layer2", ...latency(5) },
  ],
  heads: [
    { cutPoint: "layer2", head: "mlp", policy: "margin", ...latency(0.2) },
    { cutPoint: "layer1", head: "mlp", policy: "top1", ...latency(0.3) },
    { cutPoint: "layer1", head: "mlp", policy: "margin", ...latency(0.4) },
  ],
  nodes: [],
};

const table: ConfidenceTable = {
  exits: 2,
  samples: 2,
  confidence: Float32Array.of(0.1, 0.2, 0.3, 0.4, 0.5, 0.6),
  correct: Uint8Array.of(1, 0, 0, 1, 1, 1),
};

describe("search over a table from elsewhere", () => {
  it("takes the table's rows for the profile's heads of the policy, in order", () => {
    const inputs = tableSearchInputs(table, profile, "margin");
    expect(inputs.exits.map(({ position, cutPoint, head }) => [position, cutPoint, head])).toEqual([
      [1, "layer2", "mlp"],
      [0, "layer1", "mlp"],
    ]);
    const { candidates, backboneMs } = buildSearchSpace({ ...inputs, maxExits: 2, levels: 4 });
    const facts = candidates.map(({ cutPoint, policy, prefixMs, headMs, confidence }) => [
      cutPoint,
      policy,
      prefixMs,
      headMs,
      confidence[0],
    ]);
    expect(facts).toEqual([
      ["layer1", "margin", 2, 0.4, Math.fround(0.3)],
      ["layer2", "margin", 5, 0.2, Math.fround(0.1)],
    ]);
    expect([inputs.backboneSha256, backboneMs]).toEqual(["torch", 8.5]);
  });

  it("lets latencies stand in for MACs, so that depth in per cent keeps its meaning", () => {
    const { exits, backboneMacs, backboneBytes } = tableSearchInputs(table, profile, "margin");
    expect(exits.map(({ prefixMacs }) => prefixMacs / backboneMacs)).toEqual([5 / 8, 2 / 8]);
    expect([backboneBytes, exits[0].headMacs, exits[0].headBytes]).toEqual([0, 0, 0]);
  });

  it("refuses another number of exits, and heads that no prefix leads to", () => {
    expect(() => tableSearchInputs(table, profile, "top1")).toThrow(
      expect.objectContaining({
        code: "file-invalid",
        message:
          "the table has 2 exits, the profile 1 heads with policy 'top1'; give one head per exit, in the table's order",
      }),
    );
    const { prefixes } = profile;
    const torn = { ...profile, prefixes: prefixes.slice(0, 1) };
    expect(() => tableSearchInputs(table, torn, "margin")).toThrow(
      expect.objectContaining({
        code: "file-invalid",
        message: "there is a head at 'layer2', but the network is known up to layer1 only",
      }),
    );
  });
});
