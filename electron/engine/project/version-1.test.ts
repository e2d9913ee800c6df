import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { beforeAll, describe, expect, it } from "vitest";
import { silentJob } from "../../../shared/base/job.ts";
import { evaluatePlan } from "../../../shared/evaluate/evaluate-plan.ts";
import { frontOfVersionOneSchema } from "../../../shared/files/front-file.ts";
import { upgradeFront } from "../../../shared/files/upgrade-front.ts";
import { evaluationSpaces } from "../../../shared/offload/partition-space.ts";
import { spaceOfPlan } from "../../../shared/space/design-space.ts";
import { fromPlanExits } from "../../../shared/space/plan-exits.ts";
import { temporaryFolder } from "../../disk/testing/temporary-folder.ts";
import { importModel } from "../onnx/import/import-model.ts";
import { modelIdentity } from "../onnx/model-identity.ts";
import { profileOfModel } from "../profile/profile-of-model.ts";
import { readProfile } from "../profile/read-profile.ts";
import { searchInputs } from "../search/search-inputs.ts";
import { offloadTo } from "../stages/offload-stage.ts";
import { openProject } from "./open-project.ts";
import type { Project } from "./project.ts";
import { saveProject } from "./project-archive.ts";

/**
 * What the last Offramp of version 1 saved: a model opened at 16x16, three profiles, a front of the second with the third
 * as server, a design with a partitioned plan, thresholds per class and a reference.
 */
const fixture = join(import.meta.dirname, "testing", "version-1");

/** How version 1 named the model. */
const fileName = "e763cbeb28a78c860fd5b0aefa0ce5559c1879e2c5d3ebfec7d08c8f32b2d17e";

let entries: Record<string, Uint8Array>;
let project: Project;
const stored = (name: string) => JSON.parse(new TextDecoder().decode(entries[name]));

beforeAll(async () => {
  const path = join(fixture, "project.offramp");
  entries = unzipSync(await readFile(path));
  project = await openProject(path, silentJob);
});

describe("a project of version 1", () => {
  it("is of version 1", () => {
    for (const name of ["project.json", "profiles/1.json", "front.json"])
      expect(stored(name).version, name).toBe(1);
    expect(stored("project.json").backbone.sha256).toBe(fileName);
  });

  it("opens with its model known by the graph that it holds", () => {
    const { summary, proto } = project.backbone;
    expect(summary).toMatchObject({ ...modelIdentity(proto), fileSha256: fileName });
    expect(project.plans.map(({ backboneSha256 }) => backboneSha256)).toEqual([summary.sha256]);
    expect(project.front?.backboneSha256).toBe(summary.sha256);
    expect(project.profiles.map(({ graphSha256 }) => graphSha256)).toEqual(
      Array(3).fill(summary.graphSha256),
    );
  });

  it("names profiles where it counted them or kept a latency of theirs", () => {
    const [laptop, board, server] = project.profiles;
    expect(project.profiles.map(({ target }) => target.device)).toEqual(["a laptop", "a board", "a server"]);
    expect(project.design).toMatchObject({ target: board.id, offload: { server: server.id } });
    expect(project.front).toMatchObject({ profile: board.id, offload: { profile: server.id } });
    expect(project.references.map(({ target }) => target)).toEqual([laptop.id]);
    expect(board.backbone).toEqual(stored("profiles/1.json").backbone);
  });

  it("gives the plan that was designed the figures that the search found for it", () => {
    const { design, front, profiles } = project;
    const point = front!.searches[0].front.find(({ cut }) => cut === "image")!;
    expect(design).toMatchObject({ exits: point.exits, offload: { cut: "image" } });
    const inputs = {
      ...searchInputs(project, "calibration", profiles[1]),
      offload: offloadTo(project, profiles[2], design!.offload!.link),
    };
    const spaces = evaluationSpaces(inputs, inputs.offload);
    const figures = ({ exits, cut }: Pick<typeof point, "exits" | "cut">) => {
      const { space } = spaceOfPlan(spaces, { cut });
      return evaluatePlan(space, fromPlanExits(space, exits));
    };
    const { accuracy, latencyMs } = figures(point);
    expect([accuracy, latencyMs.mean]).toEqual([0.675, 3.9309016346137624]);
    const { lostRate, ...stated } = figures(front!.recommended);
    expect(stated).toEqual(front!.recommended.figures);
    expect(lostRate).toBeGreaterThan(0);
    for (const each of front!.searches[0].front) expect(figures(each).latencyMs.mean).toBe(each.latencyMs);
  });

  it("is saved as version 2, and is the same when it is opened again", async () => {
    const path = join(await temporaryFolder(), "saved.offramp");
    await saveProject(project, path);
    entries = unzipSync(await readFile(path));
    for (const name of ["project.json", "profiles/1.json", "front.json"])
      expect(stored(name).version, name).toBe(2);
    expect(stored("project.json").backbone).not.toHaveProperty("sha256");
    const { backbone, heads: _heads, ...rest } = project;
    expect(await openProject(path, silentJob)).toMatchObject({
      ...rest,
      backbone: { summary: backbone.summary },
    });
  });
});

describe("files of version 1 beside the project", () => {
  it("a profile holds for the model whose file it names, opened as it was", async () => {
    const path = join(
      await temporaryFolder({
        "profile.json": unzipSync(await readFile(join(fixture, "project.offramp")))["profiles/1.json"],
      }),
      "profile.json",
    );
    const profile = await readProfile(path);
    expect(profile).toMatchObject({ version: 2, graphSha256: fileName });
    const { summary } = await importModel(join(fixture, "model.onnx"), { inputSize: [16, 16] }, silentJob);
    expect(summary.fileSha256).toBe(fileName);
    expect(profileOfModel(summary, profile)).toMatchObject({
      graphSha256: summary.graphSha256,
      backbone: project.profiles[1].backbone,
    });
    const larger = await importModel(join(fixture, "model.onnx"), { inputSize: [24, 24] }, silentJob);
    expect(() => profileOfModel(larger.summary, profile)).toThrow("made for another model");
  });

  it("a front names none of its profiles if they are not at hand", () => {
    const front = frontOfVersionOneSchema.parse({ ...project.front, version: 1 });
    const { profiles, backbone } = project;
    expect(upgradeFront(front, backbone.summary, profiles)).toEqual(project.front);
    expect(upgradeFront(front, backbone.summary, profiles.slice(0, 1))).toMatchObject({
      profile: "",
      offload: { profile: "" },
    });
  });
});
