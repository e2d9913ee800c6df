import { z } from "zod";
import {
  type FrontFile,
  frontFileSchema,
  frontOfVersionOneSchema,
} from "../../../shared/files/front-file.ts";
import { upgradeFront } from "../../../shared/files/upgrade-front.ts";
import { type BackboneSummary, backboneSummarySchema, isNameOf } from "../../../shared/model/backbone.ts";
import { designOfVersionOneSchema, upgradeDesign } from "../../../shared/model/design.ts";
import type { Profile } from "../../../shared/model/profile.ts";
import { referenceModelSchema } from "../../../shared/model/reference-model.ts";
import type { ModelIdentity } from "../onnx/model-identity.ts";
import { parseProfile } from "../profile/identified-profile.ts";
import { profileOfModel } from "../profile/profile-of-model.ts";
import { type ProjectFile, projectFileName, projectFileSchema } from "./project.ts";

/** What a project's archive holds as JSON, and who its model is. */
interface StoredProject {
  readonly file: ProjectFile;
  readonly summary: BackboneSummary;
  readonly profiles: readonly Profile[];
  /** Undefined where nothing was searched yet. */
  readonly front: FrontFile | undefined;
}

/**
 * Reads a project's JSON of any version.
 * @param json of an entry; undefined where there is none
 * @param identity of the model in the archive; what the JSON says of it is not believed
 * @throws ZodError if it is no project
 */
export function parseStored(json: (name: string) => unknown, identity: ModelIdentity): StoredProject {
  const file = anyFileSchema.parse(json(projectFileName));
  const front = json("front.json");
  const profiles = Array.from({ length: file.profiles }, (_, index) =>
    parseProfile(json(`profiles/${index}.json`)),
  );
  if (file.version === 1)
    return upgradeProject(file, profiles, frontOfVersionOneSchema.optional().parse(front), identity);
  const summary = { ...file.backbone, ...identity };
  return { file, summary, profiles, front: frontFileSchema.optional().parse(front) };
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
    summary,
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
    // The same profile could be imported twice.
    profiles: bound.filter(({ id }, index) => ids.indexOf(id) === index),
    front: front && upgradeFront(front, summary, bound),
  };
}
