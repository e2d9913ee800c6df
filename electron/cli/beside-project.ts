import { AppError } from "../../shared/base/errors.ts";
import type { Profile } from "../../shared/model/profile.ts";
import type { ReferenceModel } from "../../shared/model/reference-model.ts";
import type { QuantiseOptions } from "../../shared/model/stage-options.ts";
import {
  type AddedMember,
  addMember,
  type Backbone,
  checkMemberTarget,
  checkReferenceTarget,
  importMembers,
  importReferences,
  loadProjectData,
  type MemberModel,
  measureReferences,
  openProjectData,
  quantisedRivals,
  type StageCache,
  type StageRunner,
  type TrainedProject,
} from "../engine/index.ts";
import { dataLines, warningLines } from "./describe-data.ts";
import { memberRequests, profileSeconds, rivalOptions } from "./options.ts";
import type { StageProgress } from "./progress.ts";
import type { Parsed } from "./schema-options.ts";

/** With what a search asks for networks that its project doesn't hold. */
export interface Asking {
  readonly options: Parsed;
  readonly cache: StageCache;
  readonly stages: StageRunner;
  readonly progress: StageProgress;
}

/** Networks that are to join a project, and static ones to compare its plans with. */
export interface Wish {
  readonly members: readonly MemberModel[];
  readonly references: readonly Backbone[];
  readonly quantised?: QuantiseOptions;
}

/**
 * Reads all networks that are named, before any long work.
 * @throws AppError 'usage' if there is no project whose data set is known, or they can't be timed on the profile's target; what
 *   `importMembers` and `importReferences` throw
 */
export async function importBeside(
  project: TrainedProject | undefined,
  profile: Profile,
  { options, stages }: Asking,
): Promise<Wish> {
  const requests = await memberRequests(options);
  const paths = options.reference as readonly string[];
  const quantised = rivalOptions(options);
  const [flag] = [
    requests.length > 0 && "--member",
    quantised && "--rival",
    paths.length > 0 && "--reference",
  ].filter((asked) => asked);
  if (!flag) return { members: [], references: [] };
  if (!project)
    throw new AppError(
      "usage",
      `${flag}: what is searched or compared beside a network is measured on the images of a project; give a .offramp project ` +
        "instead of --table",
    );
  const { backbone, preprocess } = project;
  const members = await importMembers(requests, backbone, preprocess, stages, project.members);
  for (const member of members) await checkMemberTarget(member.backbone, profile);
  const references = await importReferences(paths, backbone, stages, [...project.members, ...members]);
  for (const reference of references) await checkReferenceTarget(reference, profile);
  return { members, references, quantised };
}

/**
 * The project with further networks, trained and calibrated on its data set, and timed for the profile.
 * @throws AppError as `addMember` does
 */
export async function addNetworks(
  project: TrainedProject,
  profile: Profile,
  members: readonly MemberModel[],
  { options, cache, stages, progress }: Asking,
): Promise<Required<AddedMember>> {
  const moved = movedTo(project, options);
  const data = await stages.run("load", ({ job }) => loadProjectData(moved, cache, job));
  progress.say(dataLines(data));
  try {
    let grown: Required<AddedMember> = { project: moved, profile };
    for (const member of members) {
      const adding = {
        profile: grown.profile,
        profileSeconds: profileSeconds(options),
        force: options.force === true,
        onChecked: (check: Parameters<typeof warningLines>[0], name?: string) =>
          progress.say(warningLines(check, name)),
      };
      const added = await addMember(grown.project, member, data, adding, stages);
      grown = { project: added.project, profile: added.profile ?? grown.profile };
    }
    return grown;
  } finally {
    await data.source.close();
  }
}

/** Static networks on the target that is searched: those that the project holds, and those that are named, measured on its data set. */
export async function measuredBeside(
  project: TrainedProject | undefined,
  profile: Profile,
  { references, quantised }: Wish,
  { options, cache, stages }: Asking,
): Promise<ReferenceModel[]> {
  if (!project) return [];
  const known = project.references.filter(({ target }) => target === profile.id);
  if (references.length === 0 && !quantised) return known;
  const data = await stages.run("load", ({ job }) => openProjectData(movedTo(project, options), cache, job));
  try {
    const rivals = [...references, ...(await quantisedRivals(project.backbone, data, quantised, stages))];
    const measured = await measureReferences(rivals, project, data, profile, stages);
    const isNew = ({ sha256 }: ReferenceModel) => measured.every((one) => one.sha256 !== sha256);
    return [...known.filter(isNew), ...measured];
  } finally {
    await data.source.close();
  }
}

/** Its data set where it lies now. */
export function movedTo(project: TrainedProject, { data: path }: Parsed): TrainedProject {
  return path === undefined ? project : { ...project, data: { ...project.data, path: String(path) } };
}
