import { writeFile } from "node:fs/promises";
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
import { encodeModel } from "../../onnx/codec.ts";
import { importProto } from "../../onnx/testing/test-backbone.ts";
import { openProject } from "../../project/open-project.ts";
import type { Project } from "../../project/project.ts";
import { saveProject } from "../../project/project-archive.ts";
import { makeChain } from "../../project/testing/test-project.ts";
import { withTunedTwin } from "../../project/testing/tuned-networks.ts";
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

/** Two networks as files: one of 4x4 pixels that tells three colours apart, one of 2x2 that takes blue for red. */
async function colourFiles() {
  const folder = await colourFolder();
  const [model, small] = [join(folder, "model.onnx"), join(folder, "small.onnx")];
  await writeFile(model, encodeModel(colourNetwork(strongestColour)));
  await writeFile(small, encodeModel(colourNetwork(blindToBlue)));
  return { folder, model, small, engine: startTestEngine(join(folder, "cache")) };
}

const trainRequest = (folder: string, preprocess = preprocessSchema.parse({})) => ({
  path: join(folder, "data"),
  preprocess,
  splits: { calibrationShare: 0.4 },
  heads: [{ kind: "gap-linear", options: {} }],
  training: trainOptionsSchema.parse({ epochs: 1, batchSize: 32, seed: 1 }),
});

it("a network that is added before there is data is kept, and trained with the backbone in its way", async () => {
  const { folder, model, small, engine } = await colourFiles();
  await engine.call("model.open", { path: model });
  const added = await engine.call("project.addMember", { path: small });
  const [{ backbone, heads, preprocess }] = added.members;
  expect([backbone.name, heads, preprocess]).toEqual(["small", [], null]);
  await expect(engine.call("project.addMember", { path: small })).rejects.toThrow(
    /small\.onnx is the same network as small/,
  );
  await expect(engine.call("project.addMember", { path: model })).rejects.toThrow(
    /the same network as model/,
  );
  const path = join(folder, "untrained.offramp");
  await engine.call("project.save", { path, design: emptyDesign });
  const { project } = await engine.call("project.open", { path });
  expect(project.members).toEqual(added.members);

  const trained = await engine.call("project.train", trainRequest(folder));
  expect(trained.members[0].preprocess).toEqual(preprocessSchema.parse({ resize: [2, 2] }));
  expect(trained.members[0].heads).not.toEqual([]);
  // It follows the backbone to another way of making images.
  const darker = preprocessSchema.parse({ mean: [0.1] });
  const again = await engine.call("project.train", trainRequest(folder, darker));
  expect(again.members[0].preprocess).toEqual({ ...darker, resize: [2, 2] });
});

it("to a trained project a network is added with heads and latencies, or not at all, and leaves with its plans", async () => {
  const { folder, model, small, engine } = await colourFiles();
  await engine.call("model.open", { path: model });
  await engine.call("project.train", trainRequest(folder));
  const target = { provider: "cpu", threads: 1 };
  const profiled = await engine.call("project.profile", { target, seconds: 0.2 });
  const [{ id }] = profiled.profiles;
  const stopped = engine.start("project.addMember", { path: small, target: id }, () => stopped.cancel());
  await expect(stopped.response).rejects.toMatchObject({ code: "cancelled" });

  const call = engine.start("project.addMember", { path: small, target: id, expected: "another" });
  await expect(call.response).rejects.toThrow(/small\.onnx holds another network than the one/);
  const added = await engine.call("project.addMember", { path: small, target: id });
  expect(added.members).toHaveLength(1);
  const [member] = added.members;
  expect(member.heads.map(({ kind }) => kind)).toEqual(["gap-linear"]);
  expect(added.profiles).toHaveLength(1);
  expect(added.profiles[0].id).not.toBe(id);
  expect(added.profiles[0].members).toMatchObject([{ graphSha256: member.backbone.graphSha256 }]);
  expect(added.profiles[0].backbone).toEqual(profiled.profiles[0].backbone);

  const third = join(folder, "third.onnx");
  await writeFile(third, encodeModel(colourNetwork({ ...strongestColour, biases: [0, 0.01, 0] })));
  const preprocess = preprocessSchema.parse({ mean: [0.05] });
  const two = await engine.call("project.addMember", { path: third, preprocess });
  expect(two.members[1].preprocess).toEqual(preprocess);
  await expect(engine.call("project.addMember", { path: small })).rejects.toThrow(
    "a plan goes through at most 2 networks beside the backbone, and the project has small and third; remove one of them first",
  );
  const left = await engine.call("project.removeMember", { sha256: member.backbone.sha256 });
  expect(left.members.map(({ backbone }) => backbone.name)).toEqual(["third"]);
  await expect(engine.call("project.removeMember", { sha256: member.backbone.sha256 })).rejects.toThrow(
    "that network is not in the project",
  );
  // Images of its own stay its own when the backbone's are made otherwise.
  const again = await engine.call(
    "project.train",
    trainRequest(folder, preprocessSchema.parse({ mean: [0.1] })),
  );
  expect(again.members[0].preprocess).toEqual(preprocess);
});

it("a front whose plans go through a network that is removed goes with it", async () => {
  const folder = await temporaryFolder();
  const path = join(folder, "chain.offramp");
  await saveProject(chain, path);
  const engine = startTestEngine(join(folder, "cache"));
  const { project } = await engine.call("project.open", { path });
  const options = searchOptionsSchema.parse({
    maxExits: 1,
    levels: 4,
    compare: false,
    threads: 1,
    useCase: {},
  });
  const searched = await engine.call("project.search", { target: project.profiles[0].id, options });
  expect(searched.front).not.toBeNull();
  const left = await engine.call("project.removeMember", { sha256: project.members[0].backbone.sha256 });
  expect([left.front, left.plans]).toEqual([null, []]);
});

it("what was tuned from the backbone keeps its heads when others are trained, needs no room, and goes where its images would", async () => {
  const { folder, model, small, engine } = await colourFiles();
  await engine.call("model.open", { path: model });
  await engine.call("project.train", trainRequest(folder));
  const path = join(folder, "p.offramp");
  await engine.call("project.save", { path, design: emptyDesign });
  const trained = await openProject(path, silentJob);
  await saveProject(withTunedTwin(trained), path);
  const { project } = await engine.call("project.open", { path });
  const [tuned] = project.members;
  expect(tuned).toMatchObject({ backbone: { name: "model tuned" }, tunedFrom: project.backbone.sha256 });

  const training = trainOptionsSchema.parse({ epochs: 2, batchSize: 32, seed: 1 });
  const request = { ...trainRequest(folder), heads: [{ kind: "mixed-hidden", options: {} }], training };
  const again = await engine.call("project.train", request);
  expect(again.heads.every(({ kind }) => kind === "mixed-hidden")).toBe(true);
  expect(again.members).toHaveLength(1);
  expect(again.members[0].tunedFrom).toBe(project.backbone.sha256);
  expect(again.members[0].heads.every(({ kind }) => kind === "gap-linear")).toBe(true);
  expect(again.samples).toBe(120);

  // Profiling times its heads at the backbone, whose graph it has, and adds no network.
  const profiled = await engine.call("project.profile", {
    target: { provider: "cpu", threads: 1 },
    seconds: 0.2,
  });
  const [profile] = profiled.profiles;
  expect(profile.members).toBeUndefined();
  expect([...new Set(profile.heads.map(({ head }) => head))].sort()).toEqual(["gap-linear", "mixed-hidden"]);
  const searched = await engine.call("project.search", {
    target: profile.id,
    options: searchOptionsSchema.parse({ maxExits: 1, levels: 4, compare: false, threads: 1, useCase: {} }),
  });
  expect(searched.front!.searches[0].proven).toBe(true);

  const third = join(folder, "third.onnx");
  await writeFile(third, encodeModel(colourNetwork({ ...strongestColour, biases: [0, 0.01, 0] })));
  await engine.call("project.addMember", { path: small });
  const full = await engine.call("project.addMember", { path: third });
  expect(full.members.map(({ backbone }) => backbone.name)).toEqual(["model tuned", "small", "third"]);
  await expect(engine.call("project.addMember", { path: small })).rejects.toThrow(
    "at most 2 networks beside the backbone, and the project has small and third; remove",
  );

  const divided = await engine.call("project.train", { ...request, splits: { calibrationShare: 0.2 } });
  expect(divided.members.map(({ backbone }) => backbone.name)).toEqual(["small", "third"]);
});
