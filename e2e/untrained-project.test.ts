import { beforeAll, expect, test } from "vitest";
import { importModel, saveProject } from "../electron/engine/index.ts";
import { newProject } from "../electron/engine/project/project.ts";
import { silentJob } from "../shared/base/job.ts";
import { profileSchema } from "../shared/model/profile.ts";
import { expectRefusal, offrampJson, ownFolder, shared } from "./testing/command-line.ts";

let project: string;

/** What the app saves of a model that was only opened. */
const { path } = ownFolder();

beforeAll(async () => {
  project = path("opened.offramp");
  await saveProject(newProject(await importModel(shared("model.onnx"), {}, silentJob)), project);
});

test.each([
  ["calibrate", () => []],
  ["search", () => []],
  ["export", () => ["--out", path("out")]],
  ["verify", () => ["--project", project, "--data", shared("data")]],
])("%s says that a project without heads has to be trained first", async (command, more) => {
  await expectRefusal([command, project, ...more()], {
    code: 2,
    says: /^offramp: the project of model holds no exit heads yet; train them on a data set first\n$/,
  });
});

test("profile measures it with the heads that it is asked for", async () => {
  const out = path("profile.json");
  const args = ["profile", project, "--head", "gap-linear", "--profile-seconds", "0.3", "--out", out];
  const { heads, prefixes } = await offrampJson(args, profileSchema);
  expect(new Set(heads.map(({ head }) => head))).toEqual(new Set(["gap-linear"]));
  // One decision per exit policy.
  expect(heads.length).toBe(6 * prefixes.length);
});
