import { AppError } from "../../../shared/base/errors.ts";
import type { BackboneSummary } from "../../../shared/model/backbone.ts";
import type { ConfidenceTable } from "../../../shared/model/confidence-table.ts";
import { isTuned } from "../../../shared/model/families.ts";
import type { Preprocess } from "../../../shared/model/preprocess.ts";
import type { ClassChoice } from "../dataset/classes/order-classes.ts";
import { checkPreprocess } from "../dataset/splits/preprocess.ts";
import type { Backbone } from "../onnx/backbone.ts";
import type { InputSize } from "../onnx/import/analysis/image-input.ts";
import type { ImportOptions } from "../onnx/import/import-model.ts";
import { type CalibratedModel, type Member, maxMembers } from "../project/project.ts";
import { importReference, preprocessFor } from "./reference-stage.ts";
import type { StageRunner } from "./stage-context.ts";

/** A further network that a project is to have. */
export interface MemberRequest {
  readonly path: string;
  /** How its images are made; the backbone's way, brought to its own size, if absent. */
  readonly preprocess?: Preprocess;
  /** Its classes in the order of its scores; found by its own names or by number if absent. */
  readonly classes?: ClassChoice;
  /** Its scores and the size of its images, where the file leaves them open. */
  readonly importOptions?: ImportOptions;
}

/** A further network and how its images are made, before anything is trained on it. */
export interface MemberModel extends Pick<Member, "backbone" | "preprocess" | "tunedFrom"> {
  /** What a person said of its classes. */
  readonly classes?: ClassChoice;
}

/**
 * Reads all members that are wanted, before any long work. One that leaves the size of its images open gets what its
 * preprocessing makes, or else the backbone's.
 * @param present networks that the project has already
 * @throws AppError as `importReference` does; 'usage' for too many of them, or the same network twice; 'data-mismatch' if its
 *   images can't be made
 */
export async function importMembers(
  requests: readonly MemberRequest[] = [],
  backbone: Backbone,
  preprocess: Preprocess,
  stages: StageRunner,
  present: readonly MemberModel[] = [],
): Promise<MemberModel[]> {
  checkCount(present.filter((member) => !isTuned(member)).length + requests.length);
  const members: MemberModel[] = [];
  for (const request of requests) {
    const known = [...present, ...members].map((member) => member.backbone);
    const member = await importMember(request, backbone, known, stages);
    members.push({
      backbone: member,
      preprocess: memberPreprocess(member, request.preprocess, preprocess, backbone),
      classes: request.classes,
    });
  }
  return members;
}

/**
 * Reads one member.
 * @param known the networks that there are beside the backbone
 * @throws AppError as `importReference` does; 'usage' for the same network twice
 */
export async function importMember(
  { path, preprocess, importOptions = {} }: MemberRequest,
  backbone: Backbone,
  known: readonly Backbone[],
  stages: StageRunner,
): Promise<Backbone> {
  const size = importOptions.inputSize ?? (preprocess && sizeMadeBy(preprocess));
  const member = await stages.run("import", ({ job }) =>
    importReference(path, importOptions.output, backbone, job, size),
  );
  checkNew(member, path, [backbone, ...known]);
  return member;
}

function checkCount(count: number): void {
  if (count > maxMembers)
    throw new AppError(
      "usage",
      `${count} members: a plan goes through at most ${maxMembers} networks beside the backbone; leave out the others`,
    );
}

/** One whose classes were put into the data's order is another graph of the same file. */
function checkNew({ summary }: Backbone, path: string, others: readonly Backbone[]): void {
  const same = others.find(
    ({ summary: other }) => other.sha256 === summary.sha256 || originOf(other) === originOf(summary),
  );
  if (same)
    throw new AppError(
      "usage",
      `${path} is the same network as ${same.summary.name}: a network takes part once, as the model or as one member`,
    );
}

/** The file and how it was read. */
function originOf({ fileSha256, output, input }: BackboneSummary): string {
  return [fileSha256, input.height, input.width, output.name].join("\n");
}

/** The size of the images that a preprocessing makes, if it says that itself. */
function sizeMadeBy({ resize, centreCrop }: Preprocess): InputSize | undefined {
  const size = centreCrop ?? (typeof resize === "number" ? undefined : resize);
  return typeof size === "number" ? [size, size] : size;
}

/**
 * How a member's images are made.
 * @param own what was asked for; the backbone's way, brought to the member's size, if absent
 * @throws AppError 'data-mismatch' if they can't be made so
 */
export function memberPreprocess(
  { summary }: Backbone,
  own: Preprocess | undefined,
  backbones: Preprocess,
  backbone: Backbone,
): Preprocess {
  const preprocess = own ?? preprocessFor(backbones, backbone.summary.input, summary.input);
  try {
    checkPreprocess(preprocess, summary.input);
  } catch (cause) {
    if (!(cause instanceof AppError) || own) throw cause;
    throw new AppError(
      cause.code,
      `${summary.name}: ${cause.message}`,
      { ...cause.details, missing: "memberPreprocess" },
      { cause },
    );
  }
  return preprocess;
}

/**
 * Plans go from one network to another by the sample, so all networks must have been asked the same samples in the same order.
 * @throws AppError 'data-mismatch' if the data set has changed in between
 */
export function checkSameSamples(member: CalibratedModel, backbone: CalibratedModel): void {
  for (const split of ["calibration", "test"] as const) {
    const [own, backbones] = [member, backbone].map(({ tables }) => [...tables[split].values()][0]);
    if (own.samples === backbones.samples && hasSameLabels(own, backbones)) continue;
    throw new AppError(
      "data-mismatch",
      `${member.backbone.summary.name} was asked other ${split} images (${own.samples}) than ` +
        `${backbone.backbone.summary.name} (${backbones.samples}): the data set has changed meanwhile; train again`,
    );
  }
}

function hasSameLabels({ labels: own }: ConfidenceTable, { labels: others }: ConfidenceTable): boolean {
  return own !== undefined && others !== undefined && own.every((label, sample) => label === others[sample]);
}
