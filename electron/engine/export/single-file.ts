import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { encodeModel } from "../onnx/codec.ts";
import type { GraphModel } from "../onnx/graph-model.ts";
import { planMetadataKey } from "../onnx/import/reading/read-model.ts";
import { describeImages, describeNetworks, singleScore } from "./describe-networks.ts";
import type { Design } from "./design.ts";
import { chainModel } from "./early-exit-model.ts";
import type { ExportFormat } from "./export-format.ts";
import { pointsKey, predictedKey, withThresholdInputs } from "./operating-points.ts";

/** Key of the metadata of a file that is given other images than its networks read. */
export const givenKey = "offramp.given";

/** The plan as one ONNX file of nested `If` operators; its description is in `metadata_props`. */
export const singleFile: ExportFormat = {
  id: "single-file",
  title: "One ONNX file",
  purpose: "Runs in any stock ONNX Runtime at batch 1, without code of ours.",
  target: "model.onnx",
  isDeployable: true,
  write: (design, folder) => writeFile(join(folder, singleFile.target), encodeModel(singleModel(design))),
};

/** The plan as one model, which says what it is. */
export function singleModel(design: Design): GraphModel {
  const whole = chainModel(
    { ...design, answer: design.backbone.summary, ensemble: design.plan.ensemble },
    metadataOf(design),
  );
  return design.points ? withThresholdInputs(whole, design.plan.exits.length) : whole;
}

/** The plan, what images it is given and what its classes are called, and which networks it goes through beside the backbone. */
function metadataOf(design: Design): Record<string, string> {
  const { plan, classNames, given, points, predicted } = design;
  const score = singleScore(design.backbone.summary);
  return {
    [planMetadataKey]: JSON.stringify(plan),
    "offramp.images": JSON.stringify(describeImages(design, 1)),
    ...(given === "bytes" && { [givenKey]: given }),
    ...(points && { [pointsKey]: JSON.stringify(points) }),
    ...(predicted && { [predictedKey]: JSON.stringify(predicted) }),
    ...(classNames && { "offramp.classes": JSON.stringify(classNames) }),
    ...(score && { "offramp.score": JSON.stringify(score) }),
    ...(plan.chain && { "offramp.networks": JSON.stringify(describeNetworks(design)) }),
  };
}
