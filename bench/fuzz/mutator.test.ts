import { describe, expect, it } from "vitest";
import { encodeModel } from "../../electron/engine/onnx/codec.ts";
import { seededRandom } from "../../shared/base/random.ts";
import { dataMutators } from "./data/index.ts";
import { seedData } from "./data/seed-data.ts";
import { modelMutators } from "./models/index.ts";
import { seedModels } from "./models/seed-models.ts";
import { projectMutators, projectSubject } from "./projects/index.ts";
import { archiveBytes } from "./projects/project-subject.ts";
import { wireMutators } from "./wire/index.ts";

/** Enough that a mutator meets a seed that it can change, and draws most of its ways. */
const tries = 12;

function named<Named extends { readonly id: string }>(mutators: readonly Named[]): [string, Named][] {
  return [...new Map(mutators.map((mutator) => [mutator.id, mutator]))];
}

describe.each(named(modelMutators))("model mutator %s", (_, mutator) => {
  it("changes models, which can be written still", () => {
    const random = seededRandom(1);
    const changed = Array.from({ length: tries }, (_, at) => {
      const subject = seedModels[at % seedModels.length]();
      const before = encodeModel(subject.proto);
      const hasChanged = mutator.mutate(subject, random);
      return hasChanged && Buffer.compare(encodeModel(subject.proto), before) !== 0;
    });
    expect(changed.filter(Boolean).length).toBeGreaterThan(1);
  });
});

describe.each(named(wireMutators))("wire mutator %s", (_, mutator) => {
  it("changes bytes", () => {
    const random = seededRandom(1);
    const before = encodeModel(seedModels[0]().proto);
    const changed = Array.from({ length: tries }, () => {
      const subject = { bytes: before };
      mutator.mutate(subject, random);
      return Buffer.compare(subject.bytes, before) !== 0;
    });
    expect(changed.filter(Boolean).length).toBeGreaterThan(1);
  });
});

describe.each(named(projectMutators))("project mutator %s", (_, mutator) => {
  it("changes the archive", async () => {
    const random = seededRandom(1);
    const before = archiveBytes(await projectSubject(), false);
    let changed = 0;
    for (let round = 0; round < tries; round++) {
      const subject = await projectSubject();
      mutator.mutate(subject, random);
      if (Buffer.compare(archiveBytes(subject, false), before) !== 0) changed++;
    }
    expect(changed).toBeGreaterThan(1);
  });
});

describe.each(named(dataMutators))("data mutator %s", (_, mutator) => {
  it("changes the folder", async () => {
    const random = seededRandom(1);
    let changed = 0;
    for (let round = 0; round < 2 * tries; round++) {
      const seed = seedData[round % seedData.length];
      const subject = { tree: await seed() };
      mutator.mutate(subject, random);
      const before = [...(await seed())];
      const isSame =
        subject.tree.size === before.length &&
        before.every(([name, entry]) => {
          const now = subject.tree.get(name);
          return (
            now?.kind === "file" && entry.kind === "file" && Buffer.compare(now.bytes, entry.bytes) === 0
          );
        });
      if (!isSame) changed++;
    }
    expect(changed).toBeGreaterThan(1);
  });
});
