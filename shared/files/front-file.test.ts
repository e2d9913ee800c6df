import { expect, test } from "vitest";
import { silentJob } from "../base/job.ts";
import { seededRandom } from "../base/random.ts";
import { fixedSchemes } from "../schemes/index.ts";
import { recommend } from "../search/engine/recommend.ts";
import { runSearch } from "../search/engine/run-search.ts";
import { searchAlgorithmById } from "../search/index.ts";
import { toPlanExits } from "../space/plan-exits.ts";
import { countRight, referencePoint } from "../space/reference-point.ts";
import { syntheticSpace } from "../space/testing/synthetic-space.ts";
import { type FrontFile, frontFileSchema } from "./front-file.ts";

test("what searches, schemes and the recommendation give goes into the file and comes back", async () => {
  const space = syntheticSpace(seededRandom(1), { samples: 100, positions: 4, maxExits: 2, levels: 4 });
  const useCase = { latency: "mean" as const, maxDropPp: 1 };
  const settings = { useCase, budget: 500, seed: 3 };
  const { front, ...result } = await runSearch(
    { space, algorithm: searchAlgorithmById("exact"), ...settings },
    silentJob,
  );
  const { point, ...recommended } = recommend(space, front, useCase);
  const reference = referencePoint(space);
  const file: FrontFile = {
    format: "offramp-front",
    version: 2,
    backboneSha256: "0".repeat(64),
    profile: "1".repeat(64),
    useCase,
    samples: space.samples,
    reference: { accuracy: reference.accuracy, latencyMs: reference.latencyMs },
    backbone: { accuracy: countRight(space.backboneCorrect) / space.samples, latencyMs: space.backboneMs },
    searches: [
      {
        ...result,
        options: {},
        seed: 3,
        seconds: 0.5,
        front: front.map((charted) => ({ ...charted, exits: toPlanExits(space, charted.exits) })),
      },
    ],
    schemes: fixedSchemes.map((scheme) => ({
      scheme: scheme.id,
      plans: scheme.plans(space).map(({ exits, figures }) => ({
        exits: toPlanExits(space, exits),
        accuracy: figures.accuracy,
        latencyMs: figures.latencyMs[useCase.latency],
      })),
    })),
    recommended: {
      ...recommended,
      misses: [...recommended.misses],
      exits: toPlanExits(space, point.exits),
    },
  };
  expect(frontFileSchema.parse(JSON.parse(JSON.stringify(file)))).toEqual(file);
  expect(frontFileSchema.safeParse({ ...file, version: 3 }).success).toBe(false);
});
