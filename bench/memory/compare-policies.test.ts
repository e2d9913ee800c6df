import { expect, it } from "vitest";
import { silentJob } from "../../shared/base/job.ts";
import { seededRandom } from "../../shared/base/random.ts";
import { memoryKinds } from "../../shared/memory/index.ts";
import { memoryless } from "../../shared/memory/memoryless.ts";
import { madeUpOutputs, spaceOfOutputs } from "../../shared/memory/testing/made-up-outputs.ts";
import { runSearch } from "../../shared/search/engine/run-search.ts";
import { exact } from "../../shared/search/exact/exact.ts";
import { comparePolicies } from "./compare-policies.ts";
import { verdict } from "./describe-policies.ts";
import { plansOfKind, plansOfSchedulers } from "./memory-plans.ts";

const [choice, test] = [1, 2].map((seed) => {
  const outputs = madeUpOutputs(seededRandom(seed), 1500, 2);
  return { outputs, space: spaceOfOutputs(outputs, 16) };
});
const splits = { choice, test };
const free = () => 0;

it("finds the front of plans without memory, whichever exits they leave out", async () => {
  const plans = await plansOfKind(splits, memoryless, free);
  const [{ plans: count, choices }] = comparePolicies(splits, [{ title: "plain", plans }], [0, 1, 3]);
  const task = { space: choice.space, algorithm: exact, useCase: { latency: "mean" as const }, seed: 1 };
  const { front } = await runSearch({ ...task, budget: Number.POSITIVE_INFINITY }, silentJob);
  expect(count).toBe(front.length);
  const backbone = choice.space.backboneCorrect.reduce((sum, right) => sum + right, 0);
  for (const { wishPp, choice: chosen } of choices) {
    const kept = front.filter(({ right }) => right >= backbone - 15 * wishPp);
    expect(chosen.meanMs).toBeCloseTo(kept[0].latencyMs, 12);
  }
});

it("says of exits with noise of their own that an ensemble gains, of no memory that it gains nothing", async () => {
  const contenders = [];
  for (const kind of memoryKinds)
    contenders.push({ title: kind.id, plans: await plansOfKind(splits, kind, free) });
  contenders.push({ title: "scheduler", plans: plansOfSchedulers(splits) });
  contenders.push({ title: "the same again", plans: contenders[0].plans });
  const policies = comparePolicies(splits, contenders, [0, 1]);
  const of = (title: string) => policies.find((policy) => policy.title === title)!;
  expect(of("the same again").gain).toEqual({ difference: 0, halfWidth: 0 });
  expect(verdict(of("the same again"))).toMatch(/^the same again gains nothing/);
  const { gain } = of("geometric-ensemble");
  expect(gain.difference).toBeGreaterThan(2 * gain.halfWidth);
  expect(verdict(of("geometric-ensemble"))).toMatch(/gains something: \+0\.\d+ ± 0\.\d+/);
  for (const { choice: chosen, test: shown } of of("geometric-ensemble").choices) {
    expect(shown.latencyPct.difference).toBeLessThan(0);
    expect(chosen.dropPp).toBeLessThanOrEqual(1);
  }
});
