import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { silentJob } from "../../../shared/base/job.ts";
import { plainColumns } from "../../../shared/memory/exit-outputs.ts";
import { outputHead } from "../../../shared/model/plan.ts";
import { preprocessSchema } from "../../../shared/model/preprocess.ts";
import { trainOptionsSchema } from "../../../shared/model/stage-options.ts";
import { StageCache } from "../base/cache.ts";
import { tableRow } from "../calibrate/confidence-table.ts";
import { gapLinear } from "../heads/gap-linear.ts";
import type { HeadKind } from "../heads/head-kind.ts";
import { encodeModel } from "../onnx/codec.ts";
import { importProto } from "../onnx/testing/test-backbone.ts";
import { importMembers } from "./member-stage.ts";
import { planOutputs } from "./plan-outputs.ts";
import { createStageRunner } from "./stage-context.ts";
import { blindToBlue, colourFolder, colourNetwork, strongestColour } from "./testing/test-colour-network.ts";
import { trainProject } from "./train-project.ts";

const unit = preprocessSchema.parse({});

test("a plan's exits in several networks say what the networks' tables have", async () => {
  const folder = await colourFolder();
  const cache = new StageCache(join(folder, "cache"));
  const runner = createStageRunner(cache, () => silentJob);
  const backbone = await importProto(colourNetwork(strongestColour));
  const path = join(folder, "small.onnx");
  await writeFile(path, encodeModel(colourNetwork(blindToBlue)));
  const preprocess = preprocessSchema.parse({ resize: [2, 2], mean: [0.25], standardDeviation: [0.5] });
  const members = await importMembers([{ path, preprocess }], backbone, unit, runner);
  const request = {
    dataPath: join(folder, "data"),
    preprocess: unit,
    splits: {},
    heads: [{ kind: gapLinear as HeadKind, options: {} }],
    training: trainOptionsSchema.parse({ epochs: 1, batchSize: 32, seed: 1 }),
  };
  const { project, data } = await trainProject(backbone, request, runner, members);
  const [member] = project.members;
  const { sha256, output } = member.backbone.summary;
  const at = { policy: "top1", threshold: 0.5 };
  const headOf = ({ heads }: Pick<typeof project, "heads">) => {
    const { cutPoint, kind } = heads[heads.length - 1];
    return { cutPoint, head: kind, ...at };
  };
  const plan = {
    chain: [sha256, backbone.summary.sha256],
    exits: [
      { member: sha256, ...headOf(member) },
      { member: sha256, cutPoint: output.name, head: outputHead, ...at },
      headOf(project),
    ],
  };
  const outputs = await planOutputs({ cache, job: silentJob }, project, data, plan, "test");
  await data.source.close();

  const [own, backbones] = [member, project].map(({ tables }) => tables.test.get("top1")!);
  expect(outputs.labels).toEqual(backbones.labels);
  const rows = [
    tableRow(own, own.exits - 1),
    tableRow(own, own.exits),
    tableRow(backbones, backbones.exits - 1),
    tableRow(backbones, backbones.exits),
  ];
  const columns = plainColumns(outputs);
  expect(columns).toHaveLength(4);
  for (const [index, { confidence, predicted, correct }] of columns.entries()) {
    expect(predicted).toEqual(rows[index].predicted);
    expect(correct).toEqual(rows[index].correct);
    confidence.forEach((value, sample) => {
      expect(value).toBeCloseTo(rows[index].confidence[sample], 5);
    });
  }
});
