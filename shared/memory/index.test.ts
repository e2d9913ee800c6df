import { describe, expect, it } from "vitest";
import { silentJob } from "../base/job.ts";
import { seededRandom } from "../base/random.ts";
import { runSearch } from "../search/engine/run-search.ts";
import { exact } from "../search/exact/exact.ts";
import { memoryKinds } from "./index.ts";
import { memorySpace } from "./memory-space.ts";
import { madeUpOutputs, spaceOfOutputs } from "./testing/made-up-outputs.ts";

const [learnt, seen] = [1, 2].map((seed) => madeUpOutputs(seededRandom(seed), 800, 3));

describe.each(memoryKinds.map((kind) => [kind.title, kind] as const))("%s", (_, kind) => {
  const policies = kind.fit(learnt);

  it("has a policy, and a column for every output", () => {
    expect(policies.length).toBeGreaterThan(0);
    for (const policy of policies)
      for (const { confidence, predicted, correct } of [...policy.columns(seen), ...policy.columns(learnt)]) {
        expect([confidence.length, predicted.length, correct.length]).toEqual([800, 800, 800]);
        expect(confidence.every((own) => own >= 0 && own <= 4)).toBe(true);
      }
    expect(policies[0].columns(seen)).toHaveLength(4);
  });

  it("knows nothing of later outputs, and nothing of the answers", () => {
    for (const policy of policies) {
      const whole = policy.columns(seen);
      const later = { ...seen, labels: seen.labels.map((label) => (label + 1) % seen.classes) };
      const blind = policy.columns({
        ...later,
        logProbabilities: seen.logProbabilities.map((own, row) =>
          row < 2 ? own : learnt.logProbabilities[row],
        ),
      });
      for (const row of [0, 1]) {
        expect(blind[row].confidence).toEqual(whole[row].confidence);
        expect(blind[row].predicted).toEqual(whole[row].predicted);
      }
    }
  });

  it("is right where it answers the label", () => {
    for (const { predicted, correct } of policies[0].columns(seen))
      expect([...correct]).toEqual([...predicted].map((answer, at) => (answer === seen.labels[at] ? 1 : 0)));
  });

  it("is the same each time", () => {
    const again = kind.fit(learnt);
    expect(again.map((policy) => policy.columns(seen))).toEqual(
      policies.map((policy) => policy.columns(seen)),
    );
  });

  it("has thresholds searched to a proof like any plan", async () => {
    const space = spaceOfOutputs(seen, 8);
    const own = memorySpace(space, [0, 1, 2], policies[0].columns(seen), [0, 0, 0, 0]);
    const task = { space: own, algorithm: exact, useCase: { latency: "mean" as const }, seed: 1 };
    const { proven, front } = await runSearch({ ...task, budget: Number.POSITIVE_INFINITY }, silentJob);
    expect(proven).toBe(true);
    expect(front.length).toBeGreaterThan(3);
  });
});
