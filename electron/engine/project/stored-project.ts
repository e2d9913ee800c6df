import { z } from "zod";
import {
  type FrontFile,
  frontFileSchema,
  frontOfVersionOneSchema,
} from "../../../shared/files/front-file.ts";
import { upgradeFront } from "../../../shared/files/upgrade-front.ts";
import { backboneSummarySchema, isNameOf } from "../../../shared/model/backbone.ts";
import { designOfVersionOneSchema, upgradeDesign } from "../../../shared/model/design.ts";
import { type Profile, profileFileSchema } from "../../../shared/model/profile.ts";
import { referenceModelSchema } from "../../../shared/model/reference-model.ts";
import type { ModelIdentity } from "../onnx/model-identity.ts";
import { identifiedProfile } from "../profile/identified-profile.ts";
import { profileOfModel } from "../profile/profile-of-model.ts";
import { newestVersion, type ProjectFile, projectFileName, projectFileSchema } from "./project.ts";
import { projectFault } from "./project-fault.ts";

/** What a project's archive holds as JSON. */
interface StoredProject {
  readonly file: ProjectFile;
  readonly profiles: readonly Profile[];
  /** Undefined where nothing was searched yet. */
  readonly front: FrontFile | undefined;
}

/**
 * Reads a project's JSON of any version.
 * @param json of an entry; undefined where there is none
 * @param identity of the model in the archive; what the JSON says of it is not believed
 * @throws AppError 'file-invalid' naming the entry and the field that is wrong; ZodError if it is no project at all
 */
export function parseStored(json: (name: string) => unknown, identity: ModelIdentity): StoredProject {
  const description = json(projectFileName);
  kindSchema.parse(description);
  const file = parsed(anyFileSchema, projectFileName, description);
  const front = json("front.json");
  const profiles = Array.from({ length: file.profiles }, (_, index) => {
    const name = `profiles/${index}.json`;
    const profile = json(name);
    if (profile === undefined) throw projectFault(`${name} is missing`);
    return identifiedProfile(parsed(profileFileSchema, name, profile));
  });
  if (file.version === 1)
    return upgradeProject(
      file,
      profiles,
      parsed(frontOfVersionOneSchema.optional(), "front.json", front),
      identity,
    );
  return {
    file,
    profiles: distinct(profiles),
    front: parsed(frontFileSchema.optional(), "front.json", front),
  };
}

/** What any project's description begins with. */
const kindSchema = z.object({
  format: z.literal("offramp-project"),
  version: z.number().int().min(1).max(newestVersion),
});

function parsed<Result>(schema: z.ZodType<Result>, name: string, value: unknown): Result {
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  const [{ path, message }] = error.issues;
  throw projectFault(`${[name, path.join(".")].filter(Boolean).join(", ")}: ${message}`);
}

/** Equal measurements are one profile. */
function distinct(profiles: readonly Profile[]): Profile[] {
  return [...new Map(profiles.map((profile) => [profile.id, profile])).values()];
}

/**
 * What an archive holds of another model would be shown as this one's.
 * @throws AppError 'file-invalid' naming the entry
 */
export function checkModelNames(
  { sha256, graphSha256 }: ModelIdentity,
  profiles: readonly Profile[],
  front: FrontFile | undefined,
): void {
  const index = profiles.findIndex((profile) => profile.graphSha256 !== graphSha256);
  const foreign =
    index >= 0 ? `profiles/${index}.json` : front && front.backboneSha256 !== sha256 && "front.json";
  if (foreign) throw projectFault(`${foreign} was made for another model than backbone.onnx`);
}

/** Version 1 named the model by its file, and counted profiles. */
const fileOfVersionOneSchema = projectFileSchema.extend({
  version: z.literal(1),
  backbone: backboneSummarySchema.omit({ graphSha256: true, fileSha256: true }),
  design: designOfVersionOneSchema.nullable().default(null),
  references: z.array(referenceModelSchema.extend({ target: z.number().int().nonnegative() })).default([]),
});

const anyFileSchema = z.discriminatedUnion("version", [projectFileSchema, fileOfVersionOneSchema]);

function upgradeProject(
  file: z.infer<typeof fileOfVersionOneSchema>,
  profiles: readonly Profile[],
  front: z.infer<typeof frontOfVersionOneSchema> | undefined,
  identity: ModelIdentity,
): StoredProject {
  const backbone = { ...file.backbone, fileSha256: file.backbone.sha256 };
  const summary = { ...backbone, ...identity };
  const bound = profiles.map((profile) =>
    profile.graphSha256 === summary.fileSha256 ? profileOfModel(summary, profile) : profile,
  );
  const ids = bound.map(({ id }) => id);
  return {
    file: {
      ...file,
      version: 2,
      backbone,
      plans: file.plans.map((plan) =>
        isNameOf(summary, plan.backboneSha256) ? { ...plan, backboneSha256: summary.sha256 } : plan,
      ),
      design: file.design && upgradeDesign(file.design, ids),
      references: file.references.map((reference) => ({ ...reference, target: ids[reference.target] ?? "" })),
    },
    profiles: distinct(bound),
    front: front && upgradeFront(front, summary, bound),
  };
}
