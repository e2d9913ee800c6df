import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { silentJob } from "../../../../shared/base/job.ts";
import { emptyDesign } from "../../../../shared/model/design.ts";
import { preprocessSchema } from "../../../../shared/model/preprocess.ts";
import { searchOptionsSchema, trainOptionsSchema } from "../../../../shared/model/stage-options.ts";
import { temporaryFolder } from "../../../disk/testing/temporary-folder.ts";
import { StageCache } from "../../base/cache.ts";
import { gapLinear } from "../../heads/gap-linear.ts";
import type { HeadKind } from "../../heads/head-kind.ts";
import { importProto } from "../../onnx/testing/test-backbone.ts";
import { openProject } from "../../project/open-project.ts";
import type { Project } from "../../project/project.ts";
import { saveProject } from "../../project/project-archive.ts";
import { makeChain } from "../../project/testing/test-project.ts";
import { createStageRunner } from "../../stages/stage-context.ts";
import {
  blindToBlue,
  colourFolder,
  colourNetwork,
  strongestColour,
} from "../../stages/testing/test-colour-network.ts";
import { trainProject } from "../../stages/train-project.ts";
import { startTestEngine } from "../testing/test-engine.ts";

let chain: Project;
beforeAll(async () => {
  chain = await makeChain();
});

it("a project of several networks opens whole, with plans through all of them", async () => {
  const folder = await temporaryFolder();
  const path = join(folder, "chain.offramp");
  const [member] = chain.members;
  await saveProject(chain, path);
  const engine = startTestEngine(join(folder, "cache"));
  const { project } = await engine.call("project.open", { path });
  const { summary } = member.backbone;
  const [view] = project.members;
  expect(view).toMatchObject({ backbone: summary, preprocess: member.preprocess, outputs: member.outputs });
  expect(view.heads.map(({ cutPoint, kind }) => [cutPoint, kind])).toEqual(
    member.heads.map(({ cutPoint, kind }) => [cutPoint, kind]),
  );
  expect(project.backbone.sha256).toBe(chain.backbone.summary.sha256);
  expect(project.plans).toEqual(chain.plans);
  expect(project.plans.some((plan) => plan.chain?.includes(summary.sha256))).toBe(true);
  expect(project.profiles[0].members).toHaveLength(1);
  const table = await engine.call("project.table", { policy: "top1", member: summary.sha256 });
  const own = member.tables.calibration.get("top1")!;
  expect([table.exits, [...table.confidence]]).toEqual([own.exits, [...own.confidence]]);
  const backbones = await engine.call("project.table", { policy: "top1" });
  expect([...backbones.confidence]).not.toEqual([...own.confidence]);
  await expect(engine.call("project.table", { policy: "top1", member: "no such" })).rejects.toThrow(
    "is no member of the project",
  );
  const copy = join(folder, "copy.offramp");
  await engine.call("project.save", { path: copy, design: emptyDesign });
  expect((await openProject(copy, silentJob)).plans).toEqual(chain.plans);
  const searched = await engine.call("project.search", {
    target: project.profiles[0].id,
    options: searchOptionsSchema.parse({ maxExits: 2, levels: 4, compare: false, threads: 1, useCase: {} }),
  });
  // The member is the cheaper network.
  expect(searched.front!.searches[0].front[0].chain).toEqual([summary.sha256]);
});

it("training and profiling in the window take the members along", async () => {
  const folder = await colourFolder();
  const data = join(folder, "data");
  const training = trainOptionsSchema.parse({ epochs: 1, batchSize: 32, seed: 1 });
  const preprocess = preprocessSchema.parse({});
  const [backbone, small] = [
    await importProto(colourNetwork(strongestColour)),
    await importProto(colourNetwork(blindToBlue)),
  ];
  const member = { backbone: small, preprocess: preprocessSchema.parse({ resize: [2, 2] }) };
  const heads = [{ kind: gapLinear as HeadKind, options: {} }];
  const stages = createStageRunner(new StageCache(join(folder, "cache")), () => silentJob);
  const request = { dataPath: data, preprocess, splits: {}, heads, training };
  const made = await trainProject(backbone, request, stages, [member]);
  await made.data.source.close();
  const path = join(folder, "p.offramp");
  await saveProject(made.project, path);

  const engine = startTestEngine(join(folder, "cache"));
  await engine.call("project.open", { path });
  const trained = await engine.call("project.train", {
    path: data,
    preprocess,
    splits: { calibrationShare: 0.4 },
    heads: [{ kind: "gap-linear", options: {} }],
    training,
  });
  expect(trained.samples).toBe(120);
  expect(trained.members).toHaveLength(1);
  const profiled = await engine.call("project.profile", {
    target: { provider: "cpu", threads: 1 },
    seconds: 0.2,
  });
  expect(profiled.profiles[0].members).toMatchObject([
    { graphSha256: small.summary.graphSha256, entry: { count: expect.any(Number) } },
  ]);
  const { front, plans } = await engine.call("project.search", {
    target: profiled.profiles[0].id,
    options: searchOptionsSchema.parse({ maxExits: 1, levels: 4, compare: false, threads: 1, useCase: {} }),
  });
  expect(front!.searches[0].front.length).toBeGreaterThan(0);
  expect(plans).toHaveLength(1);
  await engine.call("project.save", { path, design: emptyDesign });
  const [again] = (await openProject(path, silentJob)).members;
  expect(again.tables.calibration.get("top1")!.samples).toBe(120);
});
