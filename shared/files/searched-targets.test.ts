import { expect, test } from "vitest";
import type { BackboneSummary } from "../model/backbone.ts";
import type { Profile } from "../model/profile.ts";
import { frontFile } from "../presentation/testing/test-plans.ts";
import { isOnTargets, searchedSecondTarget, searchedTargets } from "./searched-targets.ts";

// 12 500 bytes of float32 take 1 ms at 100 Mbit/s, and 10 class scores next to nothing.
const backbone = {
  input: { name: "image", type: "float32", channels: 1, height: 25, width: 125 },
  output: { classes: 10, type: "float32" },
  cutPoints: [],
} as unknown as BackboneSummary;
const profile = (ms: number) => ({ backbone: { meanMs: ms }, final: { meanMs: ms } }) as Profile;
const project = { backbone, profiles: [profile(2), profile(0.5), profile(9)] };
const link = { latencyMs: 5, bandwidthMbps: 100 };
const answerMs = (8 * 40) / 1e5;
const server = { device: "s", operatingSystem: "o", runtime: "r", provider: "cpu", threads: 1 };
const alone = frontFile();
const both = frontFile({ offload: { server, link, backboneMs: 0.5 + 1 + answerMs + 10, alone: [] } });
const chosen = { target: 0, offload: { server: 1, link } };

test("a front says of itself what it was searched for, seen from the targets that are chosen", () => {
  expect(searchedTargets(alone, project, { target: 0 })).toBe("these");
  expect(searchedTargets(alone, project, { target: 1 })).toBe("other device");
  expect(searchedTargets(alone, project, chosen)).toBe("device alone");
  expect(searchedTargets(both, project, { target: 0 })).toBe("these");
  expect(searchedTargets(both, project, chosen)).toBe("these");
  expect(searchedTargets(both, project, { ...chosen, offload: { server: 2, link } })).toBe("other server");
  const nearer = { server: 1, link: { ...link, latencyMs: 4 } };
  expect(searchedTargets(both, project, { ...chosen, offload: nearer })).toBe("other server");
  expect(searchedTargets(both, project, { ...chosen, target: 2 })).toBe("other device");
});

test("its server is found among the profiles, if it is still one of them", () => {
  expect(searchedSecondTarget(both, project)).toEqual({ server: 1, link });
  expect(searchedSecondTarget(both, { ...project, profiles: [profile(2)] })).toBeUndefined();
  expect(searchedSecondTarget(alone, project)).toBeUndefined();
});

test("a search under way is of the targets that are chosen, or of the device of them alone", () => {
  const request = (target: number, offload?: typeof chosen.offload) => ({ target, offload });
  expect(isOnTargets(request(0, chosen.offload), chosen)).toBe(true);
  expect(isOnTargets(request(0), chosen)).toBe(true);
  expect(isOnTargets(request(1), chosen)).toBe(false);
  expect(isOnTargets(request(0, chosen.offload), { target: 0 })).toBe(false);
  expect(isOnTargets(request(0, { server: 2, link }), chosen)).toBe(false);
});
