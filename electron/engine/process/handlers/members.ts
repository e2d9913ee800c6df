import { AppError } from "../../../../shared/base/errors.ts";
import { samePlainData } from "../../../../shared/base/plain-data.ts";
import { isTuned } from "../../../../shared/model/families.ts";
import { type Preprocess, preprocessSchema } from "../../../../shared/model/preprocess.ts";
import type { Backbone } from "../../onnx/backbone.ts";
import { withoutNetwork } from "../../project/other-networks.ts";
import {
  type Member,
  maxMembers,
  type Project,
  trainedProject,
  untrainedModel,
} from "../../project/project.ts";
import { addMember } from "../../stages/add-member.ts";
import { importMember, type MemberModel, memberPreprocess } from "../../stages/member-stage.ts";
import { preprocessFor } from "../../stages/reference-stage.ts";
import { createStageRunner, type StageRunner } from "../../stages/stage-context.ts";
import type { Call } from "../call.ts";
import type { Handlers } from "../handler.ts";
import { loadProjectData } from "../project-data.ts";
import type { Workspace } from "../workspace.ts";
import { profileById } from "./profile.ts";

/** Further networks that plans may go through. */
export function memberHandlers(
  workspace: Workspace,
): Pick<Handlers, "project.addMember" | "project.removeMember"> {
  return {
    "project.addMember": ({ path, output, inputSize, preprocess, target, expected }, call) =>
      workspace.change("adding a network", async (project) => {
        checkRoom(project);
        const stages = createStageRunner(workspace.cache, call.job);
        const known = project.members.map(({ backbone }) => backbone);
        const request = { path, preprocess, importOptions: { output, inputSize } };
        const network = await importMember(request, project.backbone, known, stages);
        checkExpected(network, expected, path);
        return project.data
          ? withTrained(project, { network, preprocess, target }, { workspace, stages, call })
          : withUntrained(project, network, preprocess);
      }),
    "project.removeMember": ({ sha256 }) =>
      workspace.change("removing a network", async (project) => withoutMember(project, sha256)),
  };
}

function checkRoom({ members }: Project): void {
  const asTheyCame = members.filter((member) => !isTuned(member));
  if (asTheyCame.length < maxMembers) return;
  const names = asTheyCame.map(({ backbone }) => backbone.summary.name).join(" and ");
  throw new AppError(
    "usage",
    `a plan goes through at most ${maxMembers} networks beside the backbone, and the project has ${names}; remove one of them first`,
  );
}

function checkExpected({ summary }: Backbone, expected: string | undefined, path: string): void {
  if (expected === undefined || expected === summary.sha256) return;
  throw new AppError(
    "data-mismatch",
    `${path} holds another network than the one that was measured as ${summary.name}; add it as it is now, or bring the file back`,
  );
}

/** Before there are images a network is kept as it is, and trained with the others. */
function withUntrained(
  project: Project,
  backbone: Backbone,
  preprocess = preprocessSchema.parse({}),
): Project {
  const member: Member = { ...untrainedModel(backbone), preprocess };
  return { ...project, members: [...project.members, member] };
}

/** A network that joins a trained project. */
interface Joining {
  readonly network: Backbone;
  readonly preprocess?: Preprocess;
  /** Id of the profile that is to have its latencies. */
  readonly target?: string;
}

interface Means {
  readonly workspace: Workspace;
  readonly stages: StageRunner;
  readonly call: Call;
}

async function withTrained(
  open: Project,
  { network, preprocess: own, target }: Joining,
  { workspace, stages, call }: Means,
): Promise<Project> {
  const project = trainedProject(open);
  const profile = target === undefined ? undefined : profileById(project, target);
  const { backbone, preprocess: backbones } = project;
  const preprocess = memberPreprocess(network, own, backbones, backbone);
  const data = await loadProjectData(project, workspace.cache, call.job("load"));
  const adding = { profile, onCurve: call.showCurve };
  try {
    return (await addMember(project, { backbone: network, preprocess }, data, adding, stages)).project;
  } finally {
    await data.source.close();
  }
}

/**
 * The project's further networks for a training. Those whose images are made as the backbone's are follow it to another
 * way of making them.
 * @throws AppError 'data-mismatch' if a network's images can't be made so
 */
export function memberModels(project: Project, preprocess: Preprocess): MemberModel[] {
  return project.members.map((member) => {
    const own = followsBackbone(project, member) ? undefined : member.preprocess;
    const { backbone } = member;
    return { backbone, preprocess: memberPreprocess(backbone, own, preprocess, project.backbone) };
  });
}

function followsBackbone(
  { preprocess, backbone }: Project,
  { preprocess: own, backbone: { summary } }: Member,
): boolean {
  if (!preprocess) return true;
  return samePlainData(own, preprocessFor(preprocess, backbone.summary.input, summary.input));
}

/** @throws AppError 'usage' if there is no such network */
function withoutMember(project: Project, sha256: string): Project {
  if (project.members.some(({ backbone }) => backbone.summary.sha256 === sha256))
    return withoutNetwork(project, sha256);
  throw new AppError("usage", "that network is not in the project; it may have been removed already");
}
