import { AppError } from "../../../shared/base/errors.ts";
import { memberProfile, type Profile } from "../../../shared/model/profile.ts";
import { profileOptionsSchema, trainOptionsSchema } from "../../../shared/model/stage-options.ts";
import { isThisMachine } from "../../../shared/model/this-machine.ts";
import { headChoices } from "../heads/head-choices.ts";
import type { HeadChoice } from "../heads/head-kind.ts";
import { headKinds } from "../heads/index.ts";
import { exitPolicies } from "../policies/index.ts";
import { untimedHead } from "../profile/check-profile.ts";
import { describeMachine } from "../profile/target.ts";
import type { Member, TrainedProject } from "../project/project.ts";
import { withProfileFor } from "../project/replace-profile.ts";
import { type LoadedData, withSplits } from "./load-data.ts";
import { checkSameSamples, type MemberModel } from "./member-stage.ts";
import { exampleSize, profileMore } from "./profile-networks.ts";
import type { StageRunner } from "./stage-context.ts";
import {
  calibrateNetwork,
  checkNetwork,
  memberOnData,
  type NetworkTraining,
  trainNetwork,
} from "./train-network.ts";
import { featureRowLimit } from "./train-stage.ts";

/** How a network is added to a trained project. */
export interface Adding extends Pick<NetworkTraining, "force" | "onChecked"> {
  /** A profile that is to know the network: it is timed if this machine is the target. */
  readonly profile?: Profile;
  /** How long profiling all networks of the project may take, of which this one takes its share. */
  readonly profileSeconds?: number;
}

/** What became of it. */
export interface AddedMember {
  /** With the network as its last member, and the profile that knows it if it holds the one that was given. */
  readonly project: TrainedProject;
  /** The one that was given, with the network's latencies if it has them or this machine is its target. */
  readonly profile?: Profile;
}

/**
 * A trained project with one more network that plans may go through: with heads of the backbone's kinds, trained and calibrated on
 * the same samples as the backbone's.
 * @param model as `importMembers` read it
 * @param data the project's, as it was divided for its training; the caller closes it
 * @throws AppError 'data-mismatch' if the data set has changed since, or the network's images or classes can't be made of it;
 *   'backbone-at-chance' if the network is no better than chance and it isn't forced; 'cancelled'
 */
export async function addMember(
  project: TrainedProject,
  model: MemberModel,
  data: LoadedData,
  adding: Adding,
  stages: StageRunner,
): Promise<AddedMember> {
  checkUnchanged(project, data);
  const how = trainingOf(project);
  const { splitOptions } = project.data;
  const wanted = Number(splitOptions.trainLimit ?? Number.POSITIVE_INFINITY);
  const trainLimit = Math.min(wanted, featureRowLimit([model.backbone], how.heads, how.training));
  const splits = { ...splitOptions, trainLimit };
  const own = await memberOnData(model, withSplits(data, splits), stages);
  await checkNetwork(own, adding, stages);
  const policies = [...project.tables.calibration.keys()];
  const heads = await trainNetwork(own, { ...how, cutShare: 1 }, stages);
  const { model: calibrated } = await calibrateNetwork(own, heads, policies, stages);
  checkSameSamples(calibrated, project);
  const member = { ...calibrated, preprocess: own.preprocess };
  const profile = adding.profile && (await timed(project, member, adding.profile, adding, data, stages));
  const grown = { ...project, members: [...project.members, member] };
  if (!adding.profile || !profile) return { project: grown };
  return { project: withProfileFor(grown, adding.profile, profile), profile };
}

/** Before anything long starts: what is cheap to see of a data set that isn't the project's any more. */
function checkUnchanged({ tables }: TrainedProject, { splits, source }: LoadedData): void {
  for (const split of ["calibration", "test"] as const) {
    const [table] = tables[split].values();
    const { labels } = splits[split];
    // Images that can't be read have no samples.
    const isOther =
      labels.length === table.samples && table.labels?.some((label, at) => label !== labels[at]);
    if (labels.length >= table.samples && !isOther) continue;
    throw new AppError(
      "data-mismatch",
      isOther
        ? `${source.path} gives other ${split} images than the project was made with; give the data set that it was trained on`
        : `${source.path} has changed: it gives ${labels.length} ${split} images, the project was made with ${table.samples}; train again`,
    );
  }
}

/** What the project's heads were trained with; the kinds that it has, by default options, where it doesn't say. */
function trainingOf({ data, heads }: TrainedProject): Pick<NetworkTraining, "heads" | "training"> {
  if (data.training) return { heads: headChoices(data.training.heads), training: data.training.options };
  const known = headKinds.filter(({ id }) => heads.some(({ kind }) => kind === id));
  const kinds = known.length > 0 ? known : headKinds.slice(0, 1);
  const choices: HeadChoice[] = kinds.map((kind) => ({ kind, options: kind.options.parse({}) }));
  return { heads: choices, training: trainOptionsSchema.parse({ seed: data.splitOptions.seed }) };
}

async function timed(
  project: TrainedProject,
  member: Member,
  profile: Profile,
  { profileSeconds: seconds = profileOptionsSchema.shape.seconds.parse(undefined) }: Adding,
  data: LoadedData,
  stages: StageRunner,
): Promise<Profile> {
  const { summary } = member.backbone;
  const known = memberProfile(profile, summary);
  const policies = exitPolicies.map(({ id }) => id);
  const isWhole = known && !untimedHead(member.heads, policies, known);
  if (isWhole || !isThisMachine(profile.target, describeMachine())) return profile;
  const imageSize = await exampleSize(data);
  return stages.run(
    "profile",
    (context) => profileMore(context, project, member, profile, { seconds, imageSize }),
    summary.name,
  );
}
