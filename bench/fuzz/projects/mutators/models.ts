import { encodeModel } from "../../../../electron/engine/onnx/codec.ts";
import { pick } from "../../drawing/draw.ts";
import { mutateModel } from "../../models/index.ts";
import { seedModels } from "../../models/seed-models.ts";
import type { Mutator } from "../../mutator.ts";
import { type ProjectSubject, setBytes } from "../project-subject.ts";

/** Damages a model of the project as one that is imported. */
export const damageModel: Mutator<ProjectSubject> = {
  id: "damage-model",
  mutate: (subject, random) => {
    const models = subject.members.flatMap(({ name }, at) => (subject.models.has(name) ? [at] : []));
    if (models.length === 0) return false;
    const at = pick(random, models);
    setBytes(subject, at, mutateModel(random, subject.models.get(subject.members[at].name)).bytes);
    return true;
  },
};

/** A sound model, of another network. */
export const otherModel: Mutator<ProjectSubject> = {
  id: "other-model",
  mutate: (subject, random) => {
    const models = subject.members.flatMap(({ name }, at) => (subject.models.has(name) ? [at] : []));
    if (models.length === 0) return false;
    setBytes(subject, pick(random, models), encodeModel(pick(random, seedModels)().proto));
    return true;
  },
};
