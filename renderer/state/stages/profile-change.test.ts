import { expect, test } from "vitest";
import type { Profile } from "../../../shared/model/profile.ts";
import { profileChange } from "./profile-change.ts";

const profiles = (...ids: string[]) => ids.map((id) => ({ id }) as Profile);

test("a profile was added, measured again in place of another, or was there already", () => {
  expect(profileChange(profiles("a"), profiles("a", "b"))).toEqual({ made: "b", replaced: undefined });
  expect(profileChange(profiles("a", "b"), profiles("c", "b"))).toEqual({ made: "c", replaced: "a" });
  expect(profileChange(profiles("a"), profiles("a"))).toEqual({ made: undefined, replaced: undefined });
});
