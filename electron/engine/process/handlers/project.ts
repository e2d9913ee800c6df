import { AppError } from "../../../../shared/base/errors.ts";
import type { TableView } from "../../../../shared/ipc/channels.ts";
import type { ConfidenceTable } from "../../../../shared/model/confidence-table.ts";
import { assetPath } from "../../base/assets.ts";
import type { StageCache } from "../../base/cache.ts";
import { type ImportOptions, importModel } from "../../onnx/import/import-model.ts";
import { exitPolicyById } from "../../policies/index.ts";
import { addProjectPolicies } from "../../project/add-policies.ts";
import { choicePart, tablesOn } from "../../project/choice-tables.ts";
import { isProjectFile } from "../../project/is-project-file.ts";
import { openProject } from "../../project/open-project.ts";
import { networkOf, newProject, type Project, trainedProject } from "../../project/project.ts";
import { fashionMnistFolder } from "../../samples/fashion-mnist.ts";
import type { Call } from "../call.ts";
import type { Handlers } from "../handler.ts";
import type { Origin } from "../project-view.ts";
import { fileName, type Workspace } from "../workspace.ts";

/** Opening, saving, and what the window reads of the open project. */
export function projectHandlers(
  workspace: Workspace,
): Pick<
  Handlers,
  "model.open" | "project.open" | "project.sample" | "project.save" | "project.table" | "project.addPolicy"
> {
  return {
    "model.open": ({ path, ...options }, call) =>
      workspace.open(() => load(path, options, call, workspace.cache)),
    "project.open": ({ path, as }, call) =>
      workspace.open(async () => {
        const loaded = await load(path, {}, call, workspace.cache);
        return { ...loaded, origin: as ?? loaded.origin };
      }),
    "project.sample": (_request, call) => workspace.open(() => loadSample(call, workspace.cache)),
    "project.save": async ({ path, design, copy }) => {
      await workspace.save(path, design, copy);
      return {};
    },
    "project.table": async ({ policy, member }) => {
      const project = trainedProject(workspace.project);
      const { classOffsets, tables: ofSplits } = networkOf(project, member);
      const tables = tablesOn(ofSplits, choicePart(project));
      const table = tables.get(policy);
      if (table) return viewTable(policy, table, classOffsets.get(policy));
      const known = [...tables.keys()].join(", ");
      throw new AppError("usage", `no confidence table for the policy '${policy}'; there are ${known}`);
    },
    "project.addPolicy": ({ policy: id, target }, call) =>
      workspace.change("calibrating", async (project) => {
        const policy = exitPolicyById(id);
        const profile = project.profiles.find((own) => own.id === target);
        if (profile && !profile.heads.some((head) => head.policy === id))
          throw new AppError(
            "usage",
            `the profile of ${profile.target.device} was made without '${policy.title}'; profile that target again, ` +
              "then choose the policy",
          );
        return addProjectPolicies(trainedProject(project), [policy], call.job("calibrate"));
      }),
  };
}

/** Opens a model or a project, whatever the file holds. */
async function load(
  path: string,
  options: ImportOptions,
  call: Call,
  cache: StageCache,
): Promise<{ project: Project; origin: Origin }> {
  const name = fileName(path);
  if (await isProjectFile(path))
    return {
      project: await openProject(path, { ...call.job("import"), warn: call.warn }, cache),
      origin: { name, projectPath: path, modelPath: null },
    };
  const backbone = await importModel(path, options, call.job("import"));
  return { project: newProject(backbone), origin: { name, projectPath: null, modelPath: path } };
}

/** The explored sample; its images are packed, and are unpacked when something asks for them. */
async function loadSample(call: Call, cache: StageCache): Promise<{ project: Project; origin: Origin }> {
  const path = assetPath("samples", "fashion-mnist", "explored.offramp");
  const project = trainedProject(await openProject(path, call.job("import"), cache));
  return {
    project: { ...project, data: { ...project.data, path: fashionMnistFolder(cache.folder) } },
    origin: { name: "fashion-mnist", projectPath: null, modelPath: null },
  };
}

/** Arrays of exact size: sending a view would send all that lies behind it. */
function viewTable(
  policy: string,
  table: ConfidenceTable,
  offsets: readonly Float32Array[] | undefined,
): TableView {
  return {
    policy,
    exits: table.exits,
    samples: table.samples,
    confidence: table.confidence.slice(),
    correct: table.correct.slice(),
    predicted: table.predicted?.slice(),
    classOffsets: offsets && Float32Array.from(offsets.flatMap((own) => [...own])),
    labels: table.labels?.slice(),
  };
}
