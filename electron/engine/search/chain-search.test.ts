import { describe, expect, it } from "vitest";
import { silentJob } from "../../../shared/base/job.ts";
import { seededRandom } from "../../../shared/base/random.ts";
import { bigAndLittle } from "../../../shared/chains/testing/made-up-networks.ts";
import { evaluatePlan } from "../../../shared/evaluate/evaluate-plan.ts";
import { type ChartedPlan, type FrontFile, frontFileSchema } from "../../../shared/files/front-file.ts";
import { planFile } from "../../../shared/files/plan-file.ts";
import { searchOptionsSchema } from "../../../shared/model/stage-options.ts";
import { type DesignInputs, planSpace } from "../../../shared/offload/partition-space.ts";
import { offloadOf } from "../../../shared/offload/testing/test-offload.ts";
import { fromPlanExits } from "../../../shared/space/plan-exits.ts";
import { startFrontSearch } from "./front-search.ts";
import type { SearchInputs } from "./search-inputs.ts";

const inputs: SearchInputs = bigAndLittle(seededRandom(2), {
  samples: 3000,
  positions: 6,
  maxExits: 3,
  levels: 12,
});
const useCase = { maxDropPp: 0.5 };

async function searched(wish: object, searching = inputs) {
  const options = searchOptionsSchema.parse({ levels: 12, budget: 900, threads: 1, useCase, ...wish });
  const search = startFrontSearch({ inputs: searching, options });
  await search.advance(silentJob);
  return frontFileSchema.parse(JSON.parse(JSON.stringify(await search.front(silentJob))));
}

/** What anybody finds who evaluates the plan's file. */
function figuresOf({ exits, chain }: Pick<ChartedPlan, "exits" | "chain">) {
  const plan = planFile(inputs.backboneSha256, { exits, chain });
  const { space } = planSpace(inputs, plan);
  return evaluatePlan(space, fromPlanExits(space, plan.exits));
}

describe("a search over a backbone and a smaller network", () => {
  it("finds with every algorithm plans of both, and recommends one that beats those of the backbone alone", async () => {
    const front = await searched({});
    expect(front.searches[0]).toMatchObject({ algorithm: "exact", proven: true, gap: 0 });
    for (const { front: plans } of front.searches) {
      expect(plans.some(({ chain }) => chain?.join() === "little,big")).toBe(true);
      for (const plan of plans) {
        const { accuracy, latencyMs } = figuresOf(plan);
        expect(plan.accuracy).toBeCloseTo(accuracy, 12);
        expect(plan.latencyMs).toBeCloseTo(latencyMs.mean, 9);
      }
    }
    const { recommended, backbone } = front;
    expect(recommended).toMatchObject({ feasible: true, chain: ["little", "big"] });
    expect(recommended.figures.latencyMs.mean).toBeCloseTo(figuresOf(recommended).latencyMs.mean, 9);
    expect(backbone.accuracy - recommended.figures.accuracy).toBeLessThanOrEqual(0.005);
    const { members, ...alone } = inputs;
    const without = await searched({ compare: false }, alone);
    expect(without.backbone).toEqual(backbone);
    expect(recommended.figures.latencyMs.mean).toBeLessThan(0.7 * without.recommended.figures.latencyMs.mean);
  });

  it("recommends the same plan where it alone is wanted, and refines its thresholds in its own chain", async () => {
    const [whole, best] = [await searched({ compare: false }), await searched({ goal: "best" })];
    expect(best.recommended.figures).toEqual(whole.recommended.figures);
    expect(best.recommended.chain).toEqual(whole.recommended.chain);
    const refined = await searched({ goal: "best", refine: true });
    expect(refined.recommended.chain).toEqual(best.recommended.chain);
    expect(refined.recommended.figures.latencyMs.mean).toBeLessThanOrEqual(
      best.recommended.figures.latencyMs.mean,
    );
    expect(refined.recommended.feasible).toBe(true);
  });

  it("takes the smaller network alone where little memory is wanted", async () => {
    // The smaller one's weights are 1.2 MB, the backbone's 4 MB.
    const front = await searched({ compare: false, useCase: { ...useCase, maxBytes: 2e6 } });
    for (const { chain } of front.searches[0].front) expect(chain).toEqual(["little"]);
    expect(front.recommended.chain).toEqual(["little"]);
  });

  it("searches over partitions as well, between the networks too, and says what the device alone attains", async () => {
    const { inputs: paced, offload } = offloadOf(seededRandom(3), inputs as DesignInputs, () => 0.1);
    // What little leaves open is answered ten times as fast behind a quick link.
    const link = { latencyMs: 0.1, bandwidthMbps: 1000 };
    const near = { ...inputs, ...paced, offload: { ...offload, link } };
    const front = await searched({ compare: false }, near);
    const [{ front: plans, proven }] = front.searches;
    expect(proven).toBe(true);
    const { alone } = front.offload!;
    const onDevice = await searched({ compare: false }, { ...inputs, ...paced });
    expect(alone).toEqual(onDevice.searches[0].front);
    expect(front.offload).toMatchObject({ images: "bytes", link });
    const between = plans.filter(({ chain, cut, cutMember }) => chain && cut === "image" && !cutMember);
    expect(between.length).toBeGreaterThan(0);
    for (const { exits, chain, cut, cutMember, accuracy, latencyMs } of [...plans, front.recommended].map(
      figured,
    )) {
      const { space } = planSpace(near, { chain, cut, cutMember }, near.offload);
      const figures = evaluatePlan(space, fromPlanExits(space, exits));
      expect(figures.accuracy).toBeCloseTo(accuracy, 12);
      expect(figures.latencyMs.mean).toBeCloseTo(latencyMs, 9);
    }
    const { throughput, figures } = front.recommended;
    expect(figures.latencyMs.mean).toBeLessThan(onDevice.recommended.figures.latencyMs.mean);
    expect(throughput!.crossingRate).toBeGreaterThan(0);
  });

  it("refuses a profile that knows nothing of a network, the server's too", () => {
    const options = searchOptionsSchema.parse({ useCase });
    const untimed = { ...inputs, members: [], untimed: ["little.onnx"] };
    expect(() => startFrontSearch({ inputs: untimed, options })).toThrow(
      "the profile has no latencies of little.onnx, which the project holds beside its backbone; profile the project again",
    );
    const { offload } = offloadOf(seededRandom(3), inputs as DesignInputs);
    const members = offload.members.map((member) => ({ ...member, latencies: undefined }));
    expect(() =>
      startFrontSearch({ inputs: { ...inputs, offload: { ...offload, members } }, options }),
    ).toThrow(
      "the server's profile has no latencies of little.onnx, which may run there; profile this project on the server, and give that profile",
    );
  });
});

/** Of plans on the front and the recommended one alike. */
function figured(plan: ChartedPlan | FrontFile["recommended"]) {
  const { exits, chain, cut, cutMember } = plan;
  const way = { exits, chain, cut, cutMember };
  return "figures" in plan
    ? { ...way, accuracy: plan.figures.accuracy, latencyMs: plan.figures.latencyMs.mean }
    : { ...way, accuracy: plan.accuracy, latencyMs: plan.latencyMs };
}
