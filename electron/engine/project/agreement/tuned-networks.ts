import { samePlainData } from "../../../../shared/base/plain-data.ts";
import { isTuned } from "../../../../shared/model/families.ts";
import { type Member, maxMembers, memberFolder, type Project } from "../project.ts";
import { projectFault } from "../project-fault.ts";

/**
 * A network that was tuned stands beside the one that it was tuned from, and is that with other weights; there is one of each.
 * @throws AppError 'file-invalid'
 */
export function checkTunedNetworks(project: Pick<Project, "backbone" | "preprocess" | "members">): void {
  const { members } = project;
  const asTheyCame = members.filter((member) => !isTuned(member)).length;
  if (asTheyCame > maxMembers)
    throw projectFault(
      `project.json holds ${asTheyCame} members that weren't tuned, expected up to ${maxMembers}`,
    );
  for (const [index, member] of members.entries()) {
    if (!isTuned(member)) continue;
    checkOrigin(member, project, memberName(index));
    const same = members.findIndex(({ tunedFrom }) => tunedFrom === member.tunedFrom);
    if (same < index)
      throw projectFault(`${memberName(index)} is tuned from the same network as ${memberName(same)}`);
  }
}

function memberName(index: number): string {
  return `${memberFolder(index)}backbone.onnx`;
}

function checkOrigin(
  { backbone: { summary }, preprocess, tunedFrom }: Member,
  project: Parameters<typeof checkTunedNetworks>[0],
  name: string,
): void {
  const origin = [project, ...project.members.filter((member) => !isTuned(member))].find(
    (network) => network.backbone.summary.sha256 === tunedFrom,
  );
  const from = `${tunedFrom?.slice(0, 8)}…`;
  if (!origin)
    throw projectFault(
      `${name} is tuned from a network (${from}) that the project doesn't hold as it came, expected the backbone or a member`,
    );
  if (origin.backbone.summary.graphSha256 !== summary.graphSha256)
    throw projectFault(
      `${name} is tuned from ${origin.backbone.summary.name} and has another graph, expected other weights alone`,
    );
  // Before training neither says how its images are made.
  if (project.preprocess && !samePlainData(origin.preprocess, preprocess))
    throw projectFault(
      `${name} is tuned from ${origin.backbone.summary.name}, and its images are made in another way`,
    );
}
