import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { identifiedProfile, parseProfile } from "./identified-profile.ts";
import { profileOfModel } from "./profile-of-model.ts";

const latency = { count: 1, meanMs: 10, medianMs: 10, p5Ms: 10, p95Ms: 10 };
const target = { device: "my board", operatingSystem: "linux", provider: "cpu", runtime: "mine", threads: 1 };
const byHand = {
  format: "offramp-profile",
  version: 2,
  graphSha256: "any-name",
  target,
  backbone: latency,
  final: latency,
  prefixes: [],
  heads: [],
  nodes: [],
} as const;

test("a profile's id is the SHA-256 of its content with sorted keys, whatever a file says", () => {
  const text =
    '{"backbone":{"count":1,"meanMs":10,"medianMs":10,"p5Ms":10,"p95Ms":10},' +
    '"final":{"count":1,"meanMs":10,"medianMs":10,"p5Ms":10,"p95Ms":10},"format":"offramp-profile",' +
    '"graphSha256":"any-name","heads":[],"nodes":[],"prefixes":[],"target":{"device":"my board",' +
    '"operatingSystem":"linux","provider":"cpu","runtime":"mine","threads":1},"version":2}';
  const id = createHash("sha256").update(text).digest("hex");
  expect(parseProfile(byHand).id).toBe(id);
  expect(parseProfile({ id: "another", note: "by hand", ...byHand }).id).toBe(id);
  expect(parseProfile(JSON.parse(JSON.stringify(parseProfile(byHand)))).id).toBe(id);
  expect(identifiedProfile({ ...parseProfile(byHand), backbone: { ...latency, meanMs: 11 } }).id).not.toBe(
    id,
  );
});

test("intervals, energy and quality may be there and are kept", () => {
  const measured = {
    ...byHand,
    quality: { load: 0.5, spread: 0.1, trust: "fair", reasons: ["other work took half of the processor"] },
    backbone: { ...latency, intervalMs: [9.5, 10.5], energyMillijoules: 120 },
  };
  expect(parseProfile(measured)).toMatchObject(measured);
  expect(parseProfile(measured).id).not.toBe(parseProfile(byHand).id);
  const reversed = { ...byHand, final: { ...latency, intervalMs: [10.5, 9.5] } };
  expect(() => parseProfile(reversed)).toThrow("the low end comes first");
});

test("version 1 is read, and one that names the model's file becomes one of its graph", () => {
  const { graphSha256, ...rest } = byHand;
  const old = parseProfile({ ...rest, version: 1, backboneSha256: "file" });
  expect(old).toEqual(parseProfile({ ...byHand, graphSha256: "file" }));
  const model = { name: "net", graphSha256: "graph", fileSha256: "file" };
  const bound = profileOfModel(model, old);
  expect(bound).toEqual(parseProfile({ ...byHand, graphSha256: "graph" }));
  // The same graph with other weights, from another file.
  expect(profileOfModel({ ...model, fileSha256: "other" }, bound)).toBe(bound);
  expect(() => profileOfModel({ ...model, fileSha256: "other" }, old)).toThrow(
    "the profile was made for another model (graph file…) than net (graph graph…)",
  );
  expect(() => parseProfile({ ...byHand, version: 3 })).toThrow();
});
