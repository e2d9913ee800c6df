import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { silentJob } from "../../../shared/base/job.ts";
import { frontFile } from "../../../shared/presentation/testing/test-plans.ts";
import { temporaryFolder } from "../../disk/testing/temporary-folder.ts";
import type { Project } from "./project.ts";
import { encodeProject } from "./project-archive.ts";
import { readOtherFront } from "./read-other-front.ts";
import { makeProject } from "./testing/test-project.ts";

let project: Project;
beforeAll(async () => {
  project = { ...(await makeProject()), front: frontFile() };
});

async function read(content: string | Uint8Array, name = "front.json") {
  const folder = await temporaryFolder({ [name]: content });
  return readOtherFront(join(folder, name), "elsewhere", silentJob);
}

test("a project and its front.json are the same front, with the day that the file was written", async () => {
  const found = await read(JSON.stringify(frontFile()));
  expect(found).toMatchObject({
    name: "elsewhere",
    backboneSha256: "0",
    profile: "device",
    measure: "mean",
    backbone: { accuracy: 0.9, latencyMs: 2 },
    plans: [
      { exits: 1, accuracy: 0.8, latencyMs: 0.5 },
      { exits: 1, accuracy: 0.9, latencyMs: 1 },
    ],
  });
  expect(Math.abs(Date.parse(found.savedAt) - Date.now())).toBeLessThan(60_000);
  const { savedAt: _when, ...inProject } = await read(encodeProject(project), "p.offramp");
  expect(found).toMatchObject(inProject);
});

test("a long front is thinned to its ends and what lies between", async () => {
  const [search] = frontFile().searches;
  const front = Array.from({ length: 1000 }, (_, index) => ({ ...search.front[0], latencyMs: 1 + index }));
  const { plans } = await read(JSON.stringify(frontFile({ searches: [{ ...search, front }] })));
  expect(plans).toHaveLength(240);
  expect([plans[0].latencyMs, plans[239].latencyMs]).toEqual([1, 1000]);
});

test.each([
  ["no JSON", "<html>", /is no Offramp front of version 1 to 2/],
  ["another kind of JSON", "{}", /is no Offramp front/],
  ["a newer version", JSON.stringify({ ...frontFile(), version: 9 }), /of version 9; this Offramp reads/],
  ["figures that are none", JSON.stringify(frontFile({ samples: -1 })), /is no Offramp front/],
  ["lists in lists", "[".repeat(5000), /lists and objects more than 64 deep/],
  ["no plan", JSON.stringify(frontFile({ searches: [] })), /holds no plan to show: search/],
  [
    "a backbone that takes no time",
    JSON.stringify(frontFile({ backbone: { accuracy: 0.9, latencyMs: 0 } })),
    /holds no plan to show/,
  ],
])("%s is refused in words", async (_what, content, message) => {
  await expect(read(content)).rejects.toMatchObject({
    code: "file-invalid",
    message: expect.stringMatching(message),
  });
});

test("a project that is damaged, or has no front yet, is refused in words", async () => {
  const bytes = encodeProject(project);
  const cases = [
    [bytes.slice(0, bytes.length >> 1), /p\.offramp: /],
    [new TextEncoder().encode("no archive"), /p\.offramp: it is damaged/],
    [encodeProject({ ...project, front: undefined }), /holds no front yet: search in that project/],
  ] as const;
  for (const [content, message] of cases)
    await expect(read(content, "p.offramp")).rejects.toMatchObject({
      code: "file-invalid",
      message: expect.stringMatching(message),
    });
});
