import { AppError, type ErrorCode } from "../../../shared/base/errors.ts";
import { type Job, silentJob } from "../../../shared/base/job.ts";
import { unreadReason } from "../../../shared/files/unread-file.ts";
import type { ConfidenceTable } from "../../../shared/model/confidence-table.ts";
import type { StageCache } from "../base/cache.ts";
import type { PolicyTables } from "../calibrate/confidence-table.ts";
import { decodeTable } from "../calibrate/table-file.ts";
import { modelIdentity } from "../onnx/model-identity.ts";
import type { ProbeLimits } from "../onnx/probe/model-probe.ts";
import { exitPolicyById } from "../policies/index.ts";
import { withOffsets } from "./add-policies.ts";
import { checkOffsets, checkTrained, outputsOfTables } from "./agreement/calibration.ts";
import { checkFrontFigures } from "./agreement/front-figures.ts";
import { checkPlans } from "./agreement/plans.ts";
import { checkTables } from "./agreement/tables.ts";
import { newestVersion, type Project, type ProjectFile, projectFileName } from "./project.ts";
import { keepPackedTable, type splitNames } from "./project-archive.ts";
import { checkSeal, type Entries, jsonOf, readEntries } from "./project-entries.ts";
import { projectFault } from "./project-fault.ts";
import { openBackbone, openHeads, readProjectModel } from "./project-models.ts";
import { checkModelNames, parseStored } from "./stored-project.ts";

/**
 * Opens a `.offramp` file as what it is: its models run in a process of their own before anything else runs them, what they
 * are and cost follows from that, and all parts have to agree with each other.
 * @param cache remembers models that have run before
 * @throws AppError 'file-not-found', 'file-unreadable', 'file-invalid' if it is no project, damaged or contradicts itself,
 *   'output-unwritable' if its models can't be kept for their first run, 'cancelled'
 */
export async function openProject(
  path: string,
  job: Job = silentJob,
  cache?: StageCache,
  limits?: ProbeLimits,
): Promise<Project> {
  let description: unknown;
  try {
    job.report(0, 4, "reading the project");
    const entries = await readEntries(path, job);
    checkSeal(entries);
    description = jsonOf(entries, projectFileName);
    return await decodeProject(entries, { job, cache, limits });
  } catch (cause) {
    throw asFault(cause, path, description);
  }
}

/** Codes of what is no fault of the file. */
const passing: readonly ErrorCode[] = [
  "file-not-found",
  "file-unreadable",
  "output-unwritable",
  "cancelled",
  "engine-crashed",
  "internal",
];

/** Whatever is wrong with a part of the file is this file's fault. */
function asFault(cause: unknown, path: string, description: unknown): AppError {
  if (cause instanceof AppError) {
    if (passing.includes(cause.code)) return cause;
    return new AppError("file-invalid", `${path}: ${cause.message}`, {}, { cause });
  }
  const reason = unreadReason("project", newestVersion, description);
  return new AppError("file-invalid", `${path} ${reason}`, { missing: "project" }, { cause });
}

interface Opening {
  readonly job: Job;
  readonly cache?: StageCache;
  readonly limits?: ProbeLimits;
}

async function decodeProject(entries: Entries, opening: Opening): Promise<Project> {
  const { job } = opening;
  const entry = (name: string) => {
    if (!Object.hasOwn(entries, name)) throw projectFault(`${name} is missing`);
    return entries[name];
  };
  const proto = readProjectModel(entry("backbone.onnx"), "backbone.onnx");
  const identity = modelIdentity(proto, entry("backbone.onnx"));
  const { file, profiles, front } = parseStored((name) => jsonOf(entries, name), identity);
  checkModelNames(identity, profiles, front);

  job.report(1, 4, "running its model once");
  const backbone = await openBackbone(proto, identity, file.backbone, opening);
  checkTrained(file, backbone.summary);
  await job.pause();

  job.report(2, 4, "running its heads once");
  const stored = file.heads.map(({ cutPoint, kind }, index) => {
    const name = `heads/${index}.onnx`;
    return { cutPoint, kind, model: readProjectModel(entry(name), name) };
  });
  const heads = await openHeads(backbone, stored, opening);
  await job.pause();

  job.report(3, 4, "comparing its parts");
  const { classes } = backbone.summary.output;
  const project: Project = {
    backbone,
    preprocess: file.preprocess,
    data: file.data,
    heads,
    temperatures: [...file.heads.map((head) => head.temperature), file.backboneTemperature],
    tables: await decodeTables(file, entry, classes, job),
    classOffsets: new Map(),
    outputs: file.outputs,
    members: [],
    profiles,
    front,
    plans: file.plans,
    design: file.design,
    references: file.references,
  };
  const rated = { ...project, outputs: outputsOfTables(project) };
  const seen = Object.entries(file.classOffsets).reduce(seenPerClass, rated);
  checkPlans(seen);
  await checkFrontFigures(seen, job);
  return seen;
}

/** What all tables may take once they are unpacked. */
const tablesBudget = 600e6;

async function decodeTables(
  { policies, heads }: ProjectFile,
  entry: (name: string) => Uint8Array,
  classes: number,
  job: Job,
): Promise<Project["tables"]> {
  let left = tablesBudget;
  const decoded = async (split: (typeof splitNames)[number]): Promise<PolicyTables> => {
    const nameOf = (policy: string) => `tables/${split}-${policy}.npz`;
    const tables = new Map();
    for (const policy of policies) {
      const table = await decodeTable(entry(nameOf(policy)), nameOf(policy), left);
      left -= bytesOf(table);
      if (left < 0)
        throw projectFault(`its tables take more than ${tablesBudget / 1e6} MB once they are unpacked`);
      keepPackedTable(table, entry(nameOf(policy)));
      tables.set(policy, table);
      await job.pause();
    }
    checkTables(tables, heads.length, classes, nameOf);
    return tables;
  };
  return { calibration: await decoded("calibration"), test: await decoded("test") };
}

function bytesOf({ confidence, correct, predicted, labels }: ConfidenceTable): number {
  return [confidence, correct, predicted, labels].reduce((sum, array) => sum + (array?.byteLength ?? 0), 0);
}

/** With the tables of a policy of thresholds per class, made from those of its base policy. */
function seenPerClass(project: Project, [id, offsets]: [string, readonly number[][]]): Project {
  checkOffsets(id, offsets, project.heads.length, project.backbone.summary.output.classes);
  const { base } = exitPolicyById(id);
  const shifts = offsets.map((own) => Float32Array.from(own));
  return base ? withOffsets(project, id, base.id, shifts) : project;
}
