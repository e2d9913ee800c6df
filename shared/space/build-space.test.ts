import { describe, expect, it } from "vitest";
import type { ConfidenceTable } from "../model/confidence-table.ts";
import type { Profile } from "../model/profile.ts";
import { buildSearchSpace, evaluationSpace, type SpaceInputs } from "./build-space.ts";
import { checkSpace } from "./search-space.ts";

function latency(meanMs: number) {
  return { medianMs: 9, meanMs, p5Ms: 9, p95Ms: 9, count: 20 };
}

/** Two cut points; `late` has two heads. Every latency differs from the others. */
const profile: Profile = {
  format: "offramp-profile",
  version: 2,
  id: "profile",
  graphSha256: "abc",
  target: { device: "d", operatingSystem: "o", runtime: "r", provider: "cpu", threads: 1 },
  backbone: latency(3),
  final: latency(3.25),
  prefixes: [
    { cutPoint: "late", ...latency(2) },
    { cutPoint: "early", ...latency(1) },
  ],
  heads: ["top1", "entropy"].flatMap((policy, at) => [
    { cutPoint: "early", head: "small", policy, ...latency(0.1 + at) },
    { cutPoint: "late", head: "small", policy, ...latency(0.2 + at) },
    { cutPoint: "late", head: "large", policy, ...latency(0.3 + at) },
  ]),
  nodes: [],
};

const exit = { prefixMacs: 100, headMacs: 5, headBytes: 40 };
const exits = [
  { ...exit, position: 4, cutPoint: "late", head: "small", prefixMacs: 200 },
  { ...exit, position: 4, cutPoint: "late", head: "large", prefixMacs: 200, headMacs: 7, headBytes: 80 },
  { ...exit, position: 1, cutPoint: "early", head: "small" },
];

/** Rows late/small, late/large, early/small, backbone; two samples. */
function table(offset: number): ConfidenceTable {
  return {
    exits: 3,
    samples: 2,
    confidence: Float32Array.from({ length: 8 }, (_, index) => offset + index / 8),
    correct: Uint8Array.of(1, 0, 0, 1, 0, 0, 1, 1),
  };
}

const inputs: SpaceInputs = {
  exits,
  tables: new Map([
    ["top1", table(0)],
    ["entropy", table(1)],
  ]),
  profile,
  backboneMacs: 300,
  backboneBytes: 4000,
  maxExits: 2,
  levels: 16,
};

describe("search space", () => {
  it("holds every exit under every policy, by position, with its own latencies and rows", () => {
    const space = buildSearchSpace(inputs);
    expect(() => checkSpace(space)).not.toThrow();
    const facts = space.candidates.map((candidate) => [
      candidate.position,
      candidate.cutPoint,
      candidate.head,
      candidate.policy,
      candidate.prefixMs,
      candidate.headMs,
      [...candidate.confidence],
      [...candidate.correct],
    ]);
    expect(facts).toEqual([
      [1, "early", "small", "top1", 1, 0.1, [0.5, 0.625], [0, 0]],
      [1, "early", "small", "entropy", 1, 1.1, [1.5, 1.625], [0, 0]],
      [4, "late", "small", "top1", 2, 0.2, [0, 0.125], [1, 0]],
      [4, "late", "large", "top1", 2, 0.3, [0.25, 0.375], [0, 1]],
      [4, "late", "small", "entropy", 2, 1.2, [1, 1.125], [1, 0]],
      [4, "late", "large", "entropy", 2, 1.3, [1.25, 1.375], [0, 1]],
    ]);
    expect(space.candidates[3]).toMatchObject({ prefixMacs: 200, headMacs: 7, headBytes: 80 });
    expect(space).toMatchObject({
      samples: 2,
      backboneMacs: 300,
      backboneBytes: 4000,
      maxExits: 2,
      levels: 16,
    });
    expect([...space.backboneCorrect]).toEqual([1, 1]);
    // The last stage of a plan, not the plain backbone.
    expect(space.backboneMs).toBe(3.25);
  });

  it("refuses tables that don't fit the exits or each other", () => {
    const build = (changes: Partial<SpaceInputs>) => () => buildSearchSpace({ ...inputs, ...changes });
    const mismatch = (message: string) => expect.objectContaining({ code: "shape-mismatch", message });
    expect(build({ exits: exits.slice(1) })).toThrow(
      mismatch("a confidence table has 3 exits and 2 samples, expected 2 and 2"),
    );
    const short = { exits: 3, samples: 1, confidence: new Float32Array(4), correct: new Uint8Array(4) };
    expect(
      build({
        tables: new Map([
          ["top1", table(0)],
          ["entropy", short],
        ]),
      }),
    ).toThrow(mismatch("a confidence table has 3 exits and 1 samples, expected 3 and 2"));
    expect(build({ tables: new Map() })).toThrow(mismatch("no confidence table goes by any of the policies"));
  });

  it("refuses a profile that lacks a latency, naming what is missing", () => {
    const build = (changes: Partial<Profile>) => () =>
      buildSearchSpace({ ...inputs, profile: { ...profile, ...changes } });
    const missing = (what: string) =>
      expect.objectContaining({
        code: "file-invalid",
        message: `the profile has no latency for ${what}`,
      });
    expect(build({ prefixes: profile.prefixes.slice(1) })).toThrow(missing("the prefix at 'late'"));
    const heads = profile.heads.filter(({ head, policy }) => head !== "large" || policy !== "entropy");
    expect(build({ heads })).toThrow(missing("head 'large' with policy 'entropy' at 'late'"));
  });

  it("is for evaluating any plan under the policies that the profile has timed", () => {
    const heads = profile.heads.filter(({ policy }) => policy === "entropy");
    const space = evaluationSpace({ ...inputs, profile: { ...profile, heads } });
    expect(space.candidates.map(({ head, policy }) => [head, policy])).toEqual([
      ["small", "entropy"],
      ["small", "entropy"],
      ["large", "entropy"],
    ]);
    expect([space.maxExits, space.levels]).toEqual([3, 1]);
  });
});
