import { AppError, type ErrorCode } from "../../../shared/base/errors.ts";
import { type Job, silentJob } from "../../../shared/base/job.ts";
import { unreadReason } from "../../../shared/files/unread-file.ts";
import type { ConfidenceTable } from "../../../shared/model/confidence-table.ts";
import type { StageCache } from "../base/cache.ts";
import type { PolicyTables } from "../calibrate/confidence-table.ts";
import { decodeTable } from "../calibrate/table-file.ts";
import type { Backbone } from "../onnx/backbone.ts";
import { modelIdentity } from "../onnx/model-identity.ts";
import type { ProbeLimits } from "../onnx/probe/model-probe.ts";
import { exitPolicyById } from "../policies/index.ts";
import { withOffsets } from "./add-policies.ts";
import { checkMember, checkOffsets, checkTrained, outputsOfTables } from "./agreement/calibration.ts";
import { checkFrontFigures } from "./agreement/front-figures.ts";
import { checkPlans } from "./agreement/plans.ts";
import { checkRobustness, stillKnown } from "./agreement/robustness.ts";
import { checkSameSamples, checkTables } from "./agreement/tables.ts";
import { checkTunedNetworks } from "./agreement/tuned-networks.ts";
import {
  type CalibratedModel,
  type Member,
  type MemberFile,
  type ModelFile,
  memberFolder,
  newestVersion,
  type Project,
  type ProjectFile,
  projectFileName,
} from "./project.ts";
import { keepPackedTable, splitNames, tableEntry } from "./project-archive.ts";
import { checkSeal, type Entries, jsonOf, readEntries } from "./project-entries.ts";
import { projectFault } from "./project-fault.ts";
import { headEntry, openBackbone, openHeads, readProjectModel } from "./project-models.ts";
import { checkModelNames, parseStored } from "./stored-project.ts";
import { lostRunsText, readRuns } from "./training-runs.ts";

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
    const damaged = checkSeal(entries);
    description = jsonOf(entries, projectFileName);
    const { runs, lost } = readRuns(entries, damaged);
    const project = await decodeProject(entries, { job, cache, limits });
    if (lost > 0) job.warn?.(lostRunsText(lost));
    return { ...project, runs };
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

/** An entry by its name. @throws AppError 'file-invalid' if there is none */
type EntryOf = (name: string) => Uint8Array;

/** Without its runs. */
async function decodeProject(entries: Entries, opening: Opening): Promise<Project> {
  const { job } = opening;
  const entry: EntryOf = (name) => {
    if (!Object.hasOwn(entries, name)) throw projectFault(`${name} is missing`);
    return entries[name];
  };
  const proto = readProjectModel(entry("backbone.onnx"), "backbone.onnx");
  const identity = modelIdentity(proto, entry("backbone.onnx"));
  const { file, profiles, front } = parseStored((name) => jsonOf(entries, name), identity);
  checkModelNames(identity, profiles, front);
  const steps = stepsOf(file, job);
  const reading: Reading = { file, entry, opening, tablesLeft: tablesBudget };

  steps.next("running its model once");
  const backbone = await openBackbone(proto, identity, file.backbone, opening);
  checkTrained(file, backbone.summary);
  await job.pause();

  steps.next("running its heads once");
  const calibrated = await openCalibrated(file, backbone, "", reading);
  const members: Member[] = [];
  for (const [index, member] of (file.members ?? []).entries()) {
    steps.next(`running the member ${index + 1} once`);
    members.push(await openMember(member, index, calibrated, reading));
  }

  steps.next("comparing its parts");
  const networks = [backbone, ...members.map((member) => member.backbone)].map(
    ({ summary }) => summary.sha256,
  );
  const project: Project = {
    ...calibrated,
    preprocess: file.preprocess,
    data: file.data,
    members,
    profiles,
    front,
    plans: file.plans,
    design: file.design,
    references: file.references,
    searches: file.searches,
    robustness: stillKnown(file.robustness, networks),
    runs: [],
  };
  checkTunedNetworks(project);
  checkPlans(project);
  await checkFrontFigures(project, job);
  checkRobustness(project);
  return project;
}

/** Reports one step after the other; reading the file was the first. */
function stepsOf({ members = [] }: ProjectFile, job: Job) {
  let step = 0;
  return { next: (note: string) => job.report(++step, 4 + members.length, note) };
}

/** What all networks of an archive are read with. */
interface Reading {
  readonly file: ProjectFile;
  readonly entry: EntryOf;
  readonly opening: Opening;
  /** Bytes that tables may still take. */
  tablesLeft: number;
}

/** A member is read as the backbone is, and stands beside it. */
async function openMember(
  file: MemberFile,
  index: number,
  { backbone: own, tables }: CalibratedModel,
  reading: Reading,
): Promise<Member> {
  const folder = memberFolder(index);
  const name = `${folder}backbone.onnx`;
  const bytes = reading.entry(name);
  const proto = readProjectModel(bytes, name);
  const identity = modelIdentity(proto, bytes);
  const backbone = await openBackbone(proto, identity, file.backbone, { ...reading.opening, folder });
  if (backbone.summary.output.classes !== own.summary.output.classes)
    throw projectFault(
      `${name} tells ${backbone.summary.output.classes} classes apart, and backbone.onnx ${own.summary.output.classes}`,
    );
  checkMember(file, backbone.summary, reading.file);
  await reading.opening.job.pause();
  const calibrated = await openCalibrated(file, backbone, folder, reading);
  for (const split of splitNames) {
    const [policy] = reading.file.policies;
    const names = [tableEntry(folder, split, policy), tableEntry("", split, policy)] as const;
    checkSameSamples(calibrated.tables[split].get(policy), tables[split].get(policy), names);
  }
  const { preprocess, tunedFrom } = file;
  return { ...calibrated, preprocess, ...(tunedFrom !== undefined && { tunedFrom }) };
}

/** A network's heads and tables. @param folder of the archive that they are in */
async function openCalibrated(
  file: ModelFile,
  backbone: Backbone,
  folder: string,
  reading: Reading,
): Promise<CalibratedModel> {
  const { entry, opening } = reading;
  const stored = file.heads.map(({ cutPoint, kind }, index) => {
    const name = headEntry(folder, index);
    return { cutPoint, kind, model: readProjectModel(entry(name), name) };
  });
  const heads = await openHeads(backbone, stored, { ...opening, folder });
  await opening.job.pause();
  const model: CalibratedModel = {
    backbone,
    heads,
    temperatures: [...file.heads.map((head) => head.temperature), file.backboneTemperature],
    tables: await decodeTables(file, backbone.summary.output.classes, folder, reading),
    classOffsets: new Map(),
    outputs: file.outputs,
  };
  const rated = { ...model, outputs: outputsOfTables(model) };
  return Object.entries(file.classOffsets).reduce(seenPerClass, rated);
}

/** What all tables may take once they are unpacked. */
const tablesBudget = 600e6;

async function decodeTables(
  { heads }: ModelFile,
  classes: number,
  folder: string,
  reading: Reading,
): Promise<Project["tables"]> {
  const { file, entry, opening } = reading;
  const decoded = async (split: (typeof splitNames)[number]): Promise<PolicyTables> => {
    const nameOf = (policy: string) => tableEntry(folder, split, policy);
    const tables = new Map();
    for (const policy of file.policies) {
      const table = await decodeTable(entry(nameOf(policy)), nameOf(policy), reading.tablesLeft);
      reading.tablesLeft -= bytesOf(table);
      if (reading.tablesLeft < 0)
        throw projectFault(`its tables take more than ${tablesBudget / 1e6} MB once they are unpacked`);
      keepPackedTable(table, entry(nameOf(policy)));
      tables.set(policy, table);
      await opening.job.pause();
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
function seenPerClass(model: CalibratedModel, [id, offsets]: [string, readonly number[][]]): CalibratedModel {
  checkOffsets(id, offsets, model.heads.length, model.backbone.summary.output.classes);
  const { base } = exitPolicyById(id);
  const shifts = offsets.map((own) => Float32Array.from(own));
  return base ? withOffsets(model, id, base.id, shifts) : model;
}
