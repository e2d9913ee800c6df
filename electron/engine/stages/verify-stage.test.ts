import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { silentJob } from "../../../shared/base/job.ts";
import { planFile } from "../../../shared/files/plan-file.ts";
import { preprocessSchema } from "../../../shared/model/preprocess.ts";
import { trainOptionsSchema } from "../../../shared/model/stage-options.ts";
import { StageCache } from "../base/cache.ts";
import { singleFile } from "../export/single-file.ts";
import { uint8File } from "../export/uint8-file.ts";
import { gapLinear } from "../heads/gap-linear.ts";
import type { HeadKind } from "../heads/head-kind.ts";
import { encodeModel } from "../onnx/codec.ts";
import { importProto } from "../onnx/testing/test-backbone.ts";
import { exportPlan } from "./export-stage.ts";
import { testImagesOf } from "./load-data.ts";
import { importMembers } from "./member-stage.ts";
import { measureNetworks } from "./profile-networks.ts";
import { createStageRunner } from "./stage-context.ts";
import { blindToBlue, colourFolder, colourNetwork, strongestColour } from "./testing/test-colour-network.ts";
import { trainProject } from "./train-project.ts";
import { verifyExport } from "./verify-stage.ts";

const unit = preprocessSchema.parse({});
const target = { provider: "cpu", threads: 1 };

/** A project whose member reads images of another size or scale, and how often its image was made of the decoded one. */
async function verified(side: number, preprocess: object, format = singleFile) {
  const folder = await colourFolder();
  const runner = createStageRunner(new StageCache(join(folder, "cache")), () => silentJob);
  const backbone = await importProto(colourNetwork(strongestColour));
  const path = join(folder, "small.onnx");
  await writeFile(path, encodeModel(colourNetwork({ ...blindToBlue, side })));
  const wanted = { path, preprocess: preprocessSchema.parse(preprocess) };
  const members = await importMembers([wanted], backbone, unit, runner);
  const request = {
    dataPath: join(folder, "data"),
    preprocess: unit,
    splits: {},
    heads: [{ kind: gapLinear as HeadKind, options: {} }],
    training: trainOptionsSchema.parse({ epochs: 1, batchSize: 32, seed: 1 }),
  };
  const { project, data } = await trainProject(backbone, request, runner, members);
  onTestFinished(() => data.source.close());
  const profile = await measureNetworks(project, { target, seconds: 0.3 }, silentJob);
  const chain = [project.members[0].backbone.summary.sha256];
  const plan = planFile(backbone.summary.sha256, { exits: [], chain });
  const out = join(folder, "out");
  await mkdir(out);
  await exportPlan(project, plan, [format], out);
  let made = 0;
  const testOf: ReturnType<typeof testImagesOf> = (member) => {
    const split = testImagesOf(data)(member);
    const preparer = () => {
      const prepare = split.preparer();
      return (...photo: Parameters<typeof prepare>) => {
        made++;
        return prepare(...photo);
      };
    };
    return { ...split, preparer };
  };
  const how = { target, seconds: 60 };
  const used = { project, profile, plan };
  const file = join(out, format.target);
  const found = await verifyExport(used, file, data.images.test, how, silentJob, { testOf });
  return { made, found, entry: profile.members![0].entry };
}

test("an image of another size is made of the decoded one while the plan is timed, as it was profiled", async () => {
  const { made, found, entry } = await verified(2, { resize: [2, 2] });
  expect(entry!.meanMs).toBeGreaterThan(0);
  expect(made).toBeGreaterThanOrEqual(found.samples);
  expect(found.decisionAgreement).toBe(1);
});

test.each([
  { title: "for another scale operators run", preprocess: { mean: [0.25] }, isFree: false },
  { title: "the backbone's image is there already", preprocess: {}, isFree: true },
])("$title", async ({ preprocess, isFree }) => {
  const { made, found, entry } = await verified(4, preprocess);
  expect(entry === undefined).toBe(isFree);
  expect(made).toBe(0);
  expect(found.decisionAgreement).toBe(1);
});

test("a file for uint8 images is verified on the bytes that the images were made of", async () => {
  const { found } = await verified(4, { mean: [0.25] }, uint8File);
  expect(found.decisionAgreement).toBe(1);
});
