import { expect, test } from "vitest";
import type { Profile } from "../../../shared/model/profile.ts";
import { madeProfile, newProfile } from "./made-profile.ts";

/** Only what tells profiles apart. */
function profile(threads: number, meanMs: number): Profile {
  const target = { device: "d", operatingSystem: "o", runtime: "r", provider: "cpu", threads };
  return { target, backbone: { meanMs } } as Profile;
}

const options = (threads: number) => ({ provider: "cpu", threads });

test("a profile that was added or measured again is the new one", () => {
  const [one, two, again] = [profile(1, 1), profile(2, 0.7), profile(1, 1.1)];
  expect(newProfile([one], [one, two])).toBe(1);
  expect(newProfile([one, two], [again, two])).toBe(0);
  expect(newProfile([one, two], [one, two])).toBe(-1);
});

test("without a new one it is the one with the same options", () => {
  const both = [profile(1, 1), profile(2, 0.7)];
  expect(madeProfile(both, both, options(2))).toBe(1);
  expect(madeProfile(both, both, options(4))).toBe(0);
});
