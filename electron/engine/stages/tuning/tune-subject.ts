import { AppError } from "../../../../shared/base/errors.ts";
import { samePlainData } from "../../../../shared/base/plain-data.ts";
import { familyOf } from "../../../../shared/model/families.ts";
import type { Preprocess } from "../../../../shared/model/preprocess.ts";
import type { TuneOptions } from "../../../../shared/model/tune-options.ts";
import { hashOf } from "../../base/hash.ts";
import { type PolicyTables, tableRow } from "../../calibrate/confidence-table.ts";
import { type Head, headKey } from "../../heads/head.ts";
import type { CalibratedModel, TrainedProject } from "../../project/project.ts";
import type { Made } from "../../tune/recipe-file.ts";
import { writeTunedNetwork } from "../../tune/tuned-graph.ts";
import type { TuneTask } from "../../tune/write-folder.ts";
import { type LoadedData, withSplits } from "../load-data.ts";

/** A network of a project that is to learn. */
export interface TuneSubject {
  readonly model: CalibratedModel;
  readonly preprocess: Preprocess;
  /** Its SHA-256 as exits name it; absent of the backbone. */
  readonly member: string | undefined;
  /** SHA-256 of the network that it was tuned from, or its own. */
  readonly origin: string;
}

/** @param sha256 of the network; the backbone's if absent. @throws AppError 'usage' if the project has none such */
export function subjectOf(project: TrainedProject, sha256?: string): TuneSubject {
  const { backbone, preprocess, members } = project;
  const own = backbone.summary.sha256;
  if (sha256 === undefined || sha256 === own)
    return { model: project, preprocess, member: undefined, origin: own };
  const found = members.find((member) => member.backbone.summary.sha256 === sha256);
  if (found)
    return {
      model: found,
      preprocess: found.preprocess,
      member: sha256,
      origin: familyOf({ sha256, tunedFrom: found.tunedFrom }),
    };
  throw new AppError("usage", "that network is not in the project; it may have been removed meanwhile");
}

/** What a training is written from, its images apart. */
export type TunedParts = Omit<TuneTask, "options" | "store"> & Pick<TuneSubject, "origin">;

/**
 * @param heads that learn with it
 * @param trainLimit the most images; all that heads may learn from if absent
 * @throws AppError 'model-unsupported' naming the node that PyTorch has no layer for
 */
export async function partsOf(
  project: TrainedProject,
  { model: { backbone, tables }, preprocess, member, origin }: TuneSubject,
  heads: readonly Head[],
  data: LoadedData,
  teacher: TuneOptions["teacher"],
  trainLimit?: number,
): Promise<TunedParts> {
  const network = { backbone, heads };
  const learnt = withSplits(data, { ...project.data.splitOptions, trainLimit });
  const isTaught =
    teacher === "backbone" && member !== undefined && seesTheSame(project, backbone, preprocess);
  return {
    network,
    written: await writeTunedNetwork(network),
    ...(isTaught && {
      teacher: {
        sha256: project.backbone.summary.sha256,
        written: await writeTunedNetwork({ backbone: project.backbone, heads: [] }),
      },
    }),
    origin,
    preprocess,
    data: learnt,
    accuracyOnNewImages: shareRightAtOutput(tables.calibration),
    dataKey: hashOf({ ...learnt.key, preprocess }),
    trainLimit,
  };
}

function shareRightAtOutput(tables: PolicyTables): number {
  const [table] = tables.values();
  const { correct } = tableRow(table, table.exits);
  return correct.reduce((sum, right) => sum + right, 0) / correct.length;
}

/** Whether the backbone reads the images that another network learns from. */
function seesTheSame(
  project: TrainedProject,
  { summary }: CalibratedModel["backbone"],
  preprocess: Preprocess,
): boolean {
  const { dynamicBatch: _own, name: _name, ...input } = summary.input;
  const { dynamicBatch: _theirs, name: _other, ...backbones } = project.backbone.summary.input;
  return samePlainData(preprocess, project.preprocess) && samePlainData(input, backbones);
}

/**
 * The network and the heads that a folder's training was written from.
 * @throws AppError 'file-invalid' if the project hasn't got them
 */
export function subjectOfFolder(
  project: TrainedProject,
  made: Made,
  folder: string,
): { readonly subject: TuneSubject; readonly heads: readonly Head[] } {
  const networks = [project, ...project.members].map(({ backbone }) => backbone.summary.sha256);
  if (!networks.includes(made.network)) throw strange(folder, "a network", "isn't in the project");
  const subject = subjectOf(project, made.network);
  const heads = made.exits.map(({ cutPoint, head: kind }, at) => {
    if (made.exits.findIndex((exit) => exit.cutPoint === cutPoint) < at)
      throw strange(folder, `two exits at '${cutPoint}'`, "no project has");
    const head = subject.model.heads.find((own) => own.cutPoint === cutPoint && own.kind === kind);
    if (!head) throw strange(folder, `an exit at '${cutPoint}'`, "the project hasn't got");
    return head;
  });
  const changed = made.exits.find(({ key }, at) => key !== headKey(heads[at]));
  if (changed) throw strange(folder, `a head at '${changed.cutPoint}'`, "has been trained again meanwhile");
  return { subject, heads };
}

function strange(folder: string, what: string, why: string): AppError {
  return new AppError(
    "file-invalid",
    `${folder} was written for ${what} that ${why}; take the project that it was written from`,
  );
}
