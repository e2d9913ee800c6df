import { describe, expect, it } from "vitest";
import { type Job, silentJob } from "../../../shared/base/job.ts";
import { seededRandom } from "../../../shared/base/random.ts";
import { bigAndLittle } from "../../../shared/chains/testing/made-up-networks.ts";
import { evaluatePlan } from "../../../shared/evaluate/evaluate-plan.ts";
import { type FrontFile, frontFileSchema } from "../../../shared/files/front-file.ts";
import { searchOptionsSchema } from "../../../shared/model/stage-options.ts";
import { planSpace } from "../../../shared/offload/partition-space.ts";
import { hypervolume } from "../../../shared/pareto/hypervolume.ts";
import { startDesignSearch } from "../../../shared/search/designs/search-designs.ts";
import { exact } from "../../../shared/search/exact/exact.ts";
import { fromPlanExits } from "../../../shared/space/plan-exits.ts";
import { startFrontSearch } from "./front-search.ts";
import { type SearchInputs, searchSpaces } from "./search-inputs.ts";

const inputs: SearchInputs = bigAndLittle(
  seededRandom(2),
  { samples: 2000, positions: 6, maxExits: 2, levels: 8 },
  true,
);
const isTuned = (sha256: string) => sha256.endsWith("-tuned");
const untuned: SearchInputs = {
  ...inputs,
  members: inputs.members!.filter(({ sha256 }) => !isTuned(sha256)),
};

const optionsOf = (wish: object) =>
  searchOptionsSchema.parse({
    levels: 8,
    maxExits: 2,
    budget: 800,
    threads: 1,
    compare: false,
    useCase: { maxDropPp: 0 },
    ...wish,
  });

async function searched(searching: SearchInputs, wish: object = {}): Promise<FrontFile> {
  const search = startFrontSearch({ inputs: searching, options: optionsOf(wish) });
  await search.advance(silentJob);
  return frontFileSchema.parse(JSON.parse(JSON.stringify(await search.front(silentJob))));
}

const points = (plans: FrontFile["searches"][number]["front"]) =>
  plans.map(({ accuracy, latencyMs, chain }) => [accuracy, Number(latencyMs.toFixed(9)), chain?.join()]);

describe("a project with tuned networks", () => {
  it("has the front that it had before them beside that with them, in one box", async () => {
    const [tuned, before] = [await searched(inputs), await searched(untuned)];
    const { frozen, searches, backbone, recommended } = tuned;
    expect(before.frozen).toBeUndefined();
    expect(frozen).toMatchObject({ algorithm: "exact", proven: true, gap: 0 });
    expect(points(frozen!.front)).toEqual(points(before.searches[0].front));
    expect(frozen!.recommended).toEqual({ ...before.recommended, drop: frozen!.recommended!.drop });
    expect(tuned.backbone).toEqual(before.backbone);
    // The worst head is one of those that were there before, so the box is that of the search without tuned networks.
    expect(frozen!.hypervolume).toBeCloseTo(hypervolume(frozen!.front, tuned.reference), 12);
    expect(searches[0].hypervolume).toBeGreaterThan(frozen!.hypervolume);
    // What was tuned is better and as fast: the wish is met at less.
    expect(recommended.chain!.some(isTuned)).toBe(true);
    expect(recommended.figures.latencyMs.mean).toBeLessThan(frozen!.recommended!.figures.latencyMs.mean);
    expect(backbone.accuracy - recommended.figures.accuracy).toBeLessThanOrEqual(0);
    for (const { chain = [], exits, accuracy } of frozen!.front) {
      expect(chain.some(isTuned)).toBe(false);
      const { space } = planSpace(inputs, { chain: chain.length > 0 ? chain : undefined });
      expect(evaluatePlan(space, fromPlanExits(space, exits)).accuracy).toBeCloseTo(accuracy, 12);
    }
  });

  it("is searched as if nothing had been taken first, and nothing twice", async () => {
    const options = optionsOf({});
    const spaces = searchSpaces(inputs, options);
    const once = startDesignSearch({
      spaces,
      algorithm: exact,
      useCase: options.useCase,
      budget: Number.POSITIVE_INFINITY,
      seed: 1,
    });
    await once.advance(silentJob);
    const { front, hypervolume: volume, evaluations } = once.result();
    const [search] = (await searched(inputs)).searches;
    expect(search).toMatchObject({ proven: true, gap: 0 });
    expect(search.hypervolume).toBeCloseTo(volume, 12);
    expect(search.front.map(({ accuracy, latencyMs }) => [accuracy, latencyMs])).toEqual(
      front.map(({ accuracy, latencyMs }) => [accuracy, latencyMs]),
    );
    // In another order there is other work, but not that of a second search of the old chains.
    expect(search.evaluations).toBeLessThan(1.5 * evaluations);
  });

  it.each(["nsga2", "random"])(
    "%s keeps to its budget over both, and has all that it found frozen",
    async (algorithm) => {
      const { searches, frozen } = await searched(inputs, { algorithm });
      expect(searches[0].evaluations).toBeLessThanOrEqual(800);
      expect(frozen!.evaluations).toBeGreaterThan(0);
      expect(frozen!.evaluations).toBeLessThan(searches[0].evaluations);
      expect(searches[0].hypervolume).toBeGreaterThanOrEqual(frozen!.hypervolume);
    },
  );

  it("names the best plan alone where that is what is wanted, frozen and tuned", async () => {
    const wanted = await searched(inputs, { goal: "best" });
    const whole = await searched(inputs);
    expect(wanted.recommended.figures.latencyMs.mean).toBeCloseTo(
      whole.recommended.figures.latencyMs.mean,
      9,
    );
    expect(wanted.frozen!.recommended!.figures.latencyMs.mean).toBeCloseTo(
      whole.frozen!.recommended!.figures.latencyMs.mean,
      9,
    );
  });

  it("stopped at every pause, and taken up from where a file says that it was, comes to the same", async () => {
    // Large enough for pauses.
    const shape = { samples: 2000, positions: 9, maxExits: 3, levels: 8 };
    const large: SearchInputs = bigAndLittle(seededRandom(8), shape, true);
    const options = optionsOf({ maxExits: 3, useCase: {} });
    const straight = await searched(large, { maxExits: 3, useCase: {} });
    const hurried: Job = { ...silentJob, isTimeUp: () => true };
    const stopping = startFrontSearch({ inputs: large, options });
    await stopping.advance(hurried);
    const begun = await stopping.front(hurried);
    // Of the frozen part alone, which says nothing of the rest.
    expect(begun.searches[0]).toMatchObject({ proven: false, stopped: true });
    expect(begun.searches[0].gap).toBeUndefined();
    expect(points(begun.searches[0].front)).toEqual(points(begun.frozen!.front));
    let resume = stopping.checkpoint();
    for (let tries = 0; ; tries++) {
      const kept = resume && JSON.parse(JSON.stringify(resume));
      const search = startFrontSearch({ inputs: large, options, resume: kept });
      let pauses = 0;
      await search.advance({ ...silentJob, isTimeUp: () => ++pauses > 1 });
      if (!search.isPaused()) {
        const front = await search.front(silentJob);
        expect(tries).toBeGreaterThan(0);
        expect(points(front.searches[0].front)).toEqual(points(straight.searches[0].front));
        expect(points(front.frozen!.front)).toEqual(points(straight.frozen!.front));
        expect([front.searches[0].proven, front.frozen!.proven]).toEqual([true, true]);
        return;
      }
      resume = search.checkpoint();
    }
  });
});
