import { expect, test } from "vitest";
import type { Profile } from "../model/profile.ts";
import { frontFile } from "../presentation/testing/test-plans.ts";
import { isOnTargets, searchedSecondTarget, searchedTargets } from "./searched-targets.ts";

const projectOf = (...ids: string[]) => ({ profiles: ids.map((id) => ({ id }) as Profile) });
const project = projectOf("device", "server", "third");
const link = { latencyMs: 5, bandwidthMbps: 100 };
const server = { device: "s", operatingSystem: "o", runtime: "r", provider: "cpu", threads: 1 };
const alone = frontFile({ profile: "device" });
const both = frontFile({
  profile: "device",
  offload: { profile: "server", server, link, backboneMs: 11, alone: [] },
});
const chosen = { target: "device", offload: { server: "server", link } };

test("a front says of itself what it was searched for, seen from the targets that are chosen", () => {
  expect(searchedTargets(alone, project, { target: "device" })).toBe("these");
  expect(searchedTargets(alone, project, { target: null })).toBe("these");
  expect(searchedTargets(alone, project, { target: "server" })).toBe("other device");
  expect(searchedTargets(alone, project, chosen)).toBe("device alone");
  expect(searchedTargets(both, project, { target: "device" })).toBe("these");
  expect(searchedTargets(both, project, chosen)).toBe("these");
  const third = { server: "third", link };
  expect(searchedTargets(both, project, { ...chosen, offload: third })).toBe("other server");
  const nearer = { server: "server", link: { ...link, latencyMs: 4 } };
  expect(searchedTargets(both, project, { ...chosen, offload: nearer })).toBe("other server");
  expect(searchedTargets(both, project, { ...chosen, target: "third" })).toBe("other device");
});

test("a front whose profile has been measured again is of an older measurement", () => {
  const deviceAgain = projectOf("device again", "server");
  expect(searchedTargets(alone, deviceAgain, { target: "device again" })).toBe("older measurement");
  const serverAgain = projectOf("device", "server again");
  const offload = { server: "server again", link };
  expect(searchedTargets(both, serverAgain, { target: "device", offload })).toBe("older measurement");
  expect(searchedTargets(both, serverAgain, { target: "device" })).toBe("these");
});

test("its server is found among the profiles, if it is still one of them", () => {
  expect(searchedSecondTarget(both, project)).toEqual({ server: "server", link });
  expect(searchedSecondTarget(both, projectOf("device"))).toBeUndefined();
  expect(searchedSecondTarget(alone, project)).toBeUndefined();
});

test("a search under way is of the targets that are chosen, or of the device of them alone", () => {
  const isOn = (
    request: { readonly target: string; readonly offload?: typeof chosen.offload },
    design: typeof chosen | { target: null },
  ) => isOnTargets(request, project, design);
  expect(isOn(chosen, chosen)).toBe(true);
  expect(isOn({ target: "device" }, chosen)).toBe(true);
  expect(isOn({ target: "device" }, { target: null })).toBe(true);
  expect(isOn({ target: "server" }, chosen)).toBe(false);
  expect(isOn(chosen, { target: null })).toBe(false);
  expect(isOn({ target: "device", offload: { server: "third", link } }, chosen)).toBe(false);
});
