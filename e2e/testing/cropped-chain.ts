import { expect } from "vitest";
import { openProject } from "../../electron/engine/index.ts";
import { silentJob } from "../../shared/base/job.ts";
import { planFile, planText } from "../../shared/files/plan-file.ts";
import { outputHead, type Plan } from "../../shared/model/plan.ts";
import { type OwnFolder, offramp, shared, smallData } from "./command-line.ts";
import { gratings, writePreprocess } from "./gratings.ts";
import { defaultNetwork, writeSmallNetwork } from "./small-network.ts";
import { imagesPerClass, trainSeed } from "./workspace.ts";

/** What the member sees of an image, which is as large for the backbone. */
const cropSide = 12;

/** A trained project of the small model and a member that reads the middle of each image, so that its image is made of the decoded one. */
export interface CroppedChain {
  readonly project: string;
  readonly profile: string;
  /**
   * Exports a plan through both, of which those that are sure of it leave at the end of the first network.
   * @param name of a folder for its files in the test's own
   * @returns how the file of a format is verified, but for where
   */
  verifying(
    name: string,
    order: readonly ("backbone" | "member")[],
    cut?: { readonly of: "backbone" | "member"; readonly tensor: string },
  ): Promise<(format: "model.onnx" | "staged") => string[]>;
}

export async function croppedChain(folder: OwnFolder): Promise<CroppedChain> {
  const model = folder.path("cropped.onnx");
  const form = { ...defaultNetwork, blocks: 1, channels: 12, seed: 6, side: cropSide };
  await writeSmallNetwork(model, gratings(imagesPerClass.train, trainSeed), form);
  const preprocess = folder.path("cropped.json");
  await writePreprocess(preprocess, { centreCrop: cropSide });
  const [project, profile] = [folder.path("cropped.offramp"), folder.path("cropped-profile.json")];
  const member = ["--member", model, "--member-preprocess", preprocess];
  await succeeding("train", shared("model.onnx"), ...smallData(), ...member, "-o", project);
  await succeeding("profile", project, "--profile-seconds", "0.5", "-o", profile);
  const { backbone, members } = await openProject(project, silentJob);
  const sha256 = {
    backbone: backbone.summary.sha256,
    member: members[0].backbone.summary.sha256,
  };
  const named = (network: "backbone" | "member") => (network === "member" ? { member: sha256.member } : {});
  return {
    project,
    profile,
    verifying: async (name, order, cut) => {
      const chain = order.map((network) => sha256[network]);
      const exit = { cutPoint: "logits", head: outputHead, policy: "top1", threshold: 0.7 };
      const parted: Partial<Plan> = cut
        ? { cut: cut.tensor, ...(cut.of === "member" && { cutMember: sha256.member }) }
        : {};
      const plan = planFile(sha256.backbone, { exits: [{ ...exit, ...named(order[0]) }], chain, ...parted });
      const file = await folder.write(`${name}.json`, planText(plan));
      await succeeding("export", project, "--plan", file, "-o", folder.path(name));
      const by = ["--project", project, "--data", shared("data"), "--plan", file, "--profile", profile];
      return (format) => ["verify", folder.path(name, format), ...by, "--verify-seconds", "20"];
    },
  };
}

async function succeeding(...args: readonly string[]): Promise<void> {
  const { code, stderr } = await offramp(args);
  expect(code, stderr).toBe(0);
}
