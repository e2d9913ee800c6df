import type { Profile } from "../../../../shared/model/profile.ts";
import { checkWritable } from "../../base/write-outputs.ts";
import type { Backbone } from "../../onnx/backbone.ts";
import { checkProfileCovers, checkProfileMembers } from "../../profile/check-profile.ts";
import { profileOfModel } from "../../profile/profile-of-model.ts";
import { checkTarget, optionsHere } from "../../profile/target.ts";
import { checkReferenceTarget } from "../../profile/time-references.ts";
import { quantisable } from "../../quantise/quantise-model.ts";
import { checkCrossFit } from "../../search/check-cross-fit.ts";
import { checkTestable } from "../../search/check-testable.ts";
import { checkInt8Replaceable } from "../compare-quantised.ts";
import { checkReplaceable } from "../export-stage.ts";
import { importBackbone } from "../import-stage.ts";
import { importMembers, type MemberModel } from "../member-stage.ts";
import { importReferences } from "../reference-stage.ts";
import type { StageRunner } from "../stage-context.ts";
import { type RunRequest, runFormats } from "./run-request.ts";

/** The networks of a run, and the profile that it was given, bound to them. */
export interface RunNetworks {
  readonly backbone: Backbone;
  readonly members: readonly MemberModel[];
  readonly references: readonly Backbone[];
  /** Absent if this machine is to be profiled. */
  readonly given?: Profile;
}

/**
 * Reads all networks, and finds out before any long work whether all that is wished for can be done.
 * @throws AppError naming the first that can't
 */
export async function openNetworks(request: RunRequest, stages: StageRunner): Promise<RunNetworks> {
  await checkWishes(request);
  const backbone = await importBackbone(request, stages);
  const given = request.profile && profileOfModel(backbone.summary, request.profile);
  if (given) checkProfileCovers(backbone, request, request.search.policies, given);
  const members = await importMembers(request.members, backbone, request.preprocess, stages);
  if (given) checkProfileMembers(members, request, request.search.policies, given);
  const references = await importReferences(request.references, backbone, stages, members);
  if (request.quantised) {
    quantisable(backbone);
    await checkInt8Replaceable(request.outFolder);
  }
  if (given && request.quantisedExits) await optionsHere(given);
  if (given) for (const reference of references) await checkReferenceTarget(reference, given);
  return { backbone, members, references, given };
}

/** What needs no network to be judged. */
async function checkWishes(request: RunRequest): Promise<void> {
  const { search, outFolder } = request;
  checkTestable({ isWeighted: request.classWeights !== undefined }, search);
  checkCrossFit(search, request.splits);
  await checkTarget(request.target);
  await checkWritable(outFolder);
  const own = { source: request.modelPath, hasReport: true, hasOffered: true };
  await checkReplaceable(outFolder, runFormats, own);
}
