import { expect, test } from "vitest";
import { type Latency, memberProfile, wholeStageMs } from "./profile.ts";

const ms = (meanMs: number): Latency => ({ medianMs: meanMs, meanMs, p5Ms: meanMs, p95Ms: meanMs, count: 1 });
const timed = (meanMs: number) => ({ backbone: ms(meanMs), final: ms(meanMs), prefixes: [], heads: [] });
const profile = {
  graphSha256: "large-graph",
  ...timed(8),
  members: [{ graphSha256: "small-graph", name: "small", entry: ms(0.5), ...timed(2) }],
};

test("a network takes what its graph was timed at, whichever network of the project had that graph", () => {
  const wholeMs = (graphSha256: string) => {
    const own = memberProfile(profile, { graphSha256 });
    return own && wholeStageMs(own);
  };
  expect(wholeMs("small-graph")).toBe(2.5);
  expect(wholeMs("large-graph")).toBe(8);
  expect(wholeMs("other-graph")).toBeUndefined();
});

test("a network of the backbone's graph that was timed by itself takes what it took", () => {
  const twin = { graphSha256: "large-graph", name: "twin", entry: ms(1), ...timed(8) };
  const both = { ...profile, members: [twin] };
  expect(memberProfile(both, twin)).toBe(twin);
});
