import { beforeAll, expect, test } from "vitest";
import type { Plan } from "../../../shared/model/plan.ts";
import { gapLinear } from "../heads/gap-linear.ts";
import { untrainedHeads } from "../heads/head.ts";
import type { HeadKind } from "../heads/head-kind.ts";
import { importProto } from "../onnx/testing/test-backbone.ts";
import { residualNet } from "../onnx/testing/test-graphs.ts";
import { newProject, type Project } from "./project.ts";
import { stateThresholds } from "./project-plan.ts";

const third = Math.fround(Math.log(3));
let project: Project;
let plan: Plan;
beforeAll(async () => {
  const backbone = await importProto(residualNet(2));
  const heads = untrainedHeads(backbone, [{ kind: gapLinear as HeadKind, options: {} }]);
  const offsets = heads.map(() => Float32Array.of(0, third, -third, 0, 0));
  project = { ...newProject(backbone), heads, classOffsets: new Map([["top1-per-class", offsets]]) };
  const [early, late] = heads.map(({ cutPoint, kind: head }) => ({ cutPoint, head, threshold: 0.75 }));
  plan = {
    format: "offramp-plan",
    version: 1,
    backboneSha256: backbone.summary.sha256,
    exits: [
      { ...early, policy: "top1" },
      { ...late, policy: "top1-per-class" },
    ],
  };
});

test("a plan says from which confidence each class leaves", () => {
  const [early, late] = stateThresholds(project, plan).exits;
  expect(early).toEqual(plan.exits[0]);
  expect(late).toMatchObject(plan.exits[1]);
  [0.75, 0.5, 0.9, 0.75, 0.75].forEach((threshold, index) => {
    expect(late.classThresholds![index]).toBeCloseTo(threshold, 6);
  });
  expect(stateThresholds(project, stateThresholds(project, plan))).toEqual(stateThresholds(project, plan));
});

test("a plan that says otherwise was made with another calibration, and is refused", () => {
  const stated = stateThresholds(project, plan);
  const others = new Map([["top1-per-class", project.heads.map(() => Float32Array.of(0, third, 0, 0, 0))]]);
  expect(() => stateThresholds({ ...project, classOffsets: others }, stated)).toThrow(
    `the plan's thresholds per class at '${plan.exits[1].cutPoint}' are not those of this project's calibration`,
  );
});
