import { beforeEach, expect, test } from "vitest";
import type { ProjectView } from "../../../shared/files/project-view.ts";
import { pin, takePlan } from "../design-store.ts";
import { showTwoNetworks, twoNetworks, withTunedBig } from "../testing/two-networks.ts";
import { lossWith, obstacleToAdding } from "./members.ts";

const [small] = twoNetworks.members;
const smallTuned = {
  ...small,
  backbone: { ...small.backbone, sha256: "small-tuned", name: "small tuned" },
  tunedFrom: "small",
};
const project: ProjectView = { ...withTunedBig, members: [...withTunedBig.members, smallTuned] };

beforeEach(() => showTwoNetworks(project));

test("with a network goes what was tuned from it, and the plans through either", () => {
  expect(lossWith(project, "small")).toBe("small tuned");
  expect(lossWith(project, "small-tuned")).toBeUndefined();
  takePlan({ exits: [], chain: ["small-tuned", "big"] });
  pin({ exits: [], chain: ["small"] });
  expect(lossWith(project, "small")).toBe("small tuned, the live plan, a pinned plan");
  expect(lossWith(project, "small-tuned")).toBe("the live plan");
  expect(lossWith(project, "big-tuned")).toBeUndefined();
});

test("what was tuned takes no room from networks that come as they are", () => {
  const open = { ...project, data: { available: true } } as ProjectView;
  expect(obstacleToAdding(open)).toBeUndefined();
  const third = { ...small, backbone: { ...small.backbone, sha256: "third", name: "third" } };
  expect(obstacleToAdding({ ...open, members: [...open.members, third] })).toBe(
    "A plan goes through at most 3 networks; remove one first.",
  );
});
