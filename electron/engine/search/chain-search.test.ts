import { describe, expect, it } from "vitest";
import { silentJob } from "../../../shared/base/job.ts";
import { seededRandom } from "../../../shared/base/random.ts";
import { bigAndLittle } from "../../../shared/chains/testing/made-up-networks.ts";
import { evaluatePlan, routeSamples } from "../../../shared/evaluate/evaluate-plan.ts";
import { type ChartedPlan, type FrontFile, frontFileSchema } from "../../../shared/files/front-file.ts";
import { planFile } from "../../../shared/files/plan-file.ts";
import { outlookOf } from "../../../shared/guarantee/drop-bounds.ts";
import { dropOutlook } from "../../../shared/guarantee/drop-outlook.ts";
import { countEvidence } from "../../../shared/guarantee/plan-evidence.ts";
import { searchOptionsSchema } from "../../../shared/model/stage-options.ts";
import { type DesignInputs, planSpace } from "../../../shared/offload/partition-space.ts";
import { offloadOf } from "../../../shared/offload/testing/test-offload.ts";
import type { NetworkInputs } from "../../../shared/space/build-space.ts";
import { fromPlanExits } from "../../../shared/space/plan-exits.ts";
import { unknownToServer } from "./check-members.ts";
import { startFrontSearch } from "./front-search.ts";
import { type SearchInputs, searchSpaces } from "./search-inputs.ts";

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

  /** By the backbone's own table, and by how far the search says that it flatters. */
  function outlookFor(
    { exits, chain }: Pick<ChartedPlan, "exits" | "chain">,
    bounds: FrontFile["dropBounds"],
  ) {
    if (!bounds || "none" in bounds) throw new Error("no bounds");
    const { space } = planSpace(inputs, { chain });
    const { correct } = routeSamples(space, fromPlanExits(space, exits));
    const [{ exits: heads, samples, correct: rows }] = inputs.tables.values();
    const evidence = countEvidence(correct, rows.subarray(heads * samples));
    return dropOutlook(evidence, bounds.bias, { maxDrop: 0.01 }, bounds.confidence, false);
  }

  it("bounds the drop of every plan on new images from the backbone's accuracy, wherever it ends", async () => {
    // The smaller one's weights are 1.2 MB, the backbone's 4 MB.
    const front = await searched({ compare: false, useCase: { maxDropPp: 1, maxBytes: 2e6 } });
    const [{ front: plans }] = front.searches;
    expect(plans.length).toBeGreaterThan(10);
    for (const plan of plans) {
      expect(plan.chain).toEqual(["little"]);
      expect(plan.drop).toEqual(outlookFor(plan, front.dropBounds));
    }
    // The smaller one loses more than a point even where nobody leaves it early.
    expect(plans.at(-1)!.drop!.keptProbability).toBeLessThan(0.5);
    expect(front.safe).toEqual({ confidence: 0.95 });
  });

  it("names a safe plan of several networks, between the recommended one and the backbone", async () => {
    const front = await searched({ compare: false, useCase: { maxDropPp: 1 } });
    const { recommended, safe, backbone } = front;
    expect(recommended.drop!.keptProbability).toBeLessThan(0.95);
    for (const plan of front.searches[0].front) expect(plan.drop).toEqual(outlookFor(plan, front.dropBounds));
    const { plan: chosen } = safe!;
    expect(chosen!.chain).toEqual(["little", "big"]);
    expect(chosen!.drop).toEqual(outlookFor(chosen!, front.dropBounds));
    expect(chosen!.drop!.keptProbability).toBeGreaterThanOrEqual(0.95);
    expect(chosen!.drop!.upperBoundPp).toBeLessThanOrEqual(1);
    expect(chosen!.figures.latencyMs.mean).toBeGreaterThan(recommended.figures.latencyMs.mean);
    // What the file's figures alone show is the same.
    const stated = outlookOf(
      { figures: chosen!.figures, isBackbone: false, backboneAccuracy: backbone.accuracy, samples: 3000 },
      front.dropBounds,
      front.useCase,
    );
    expect(stated).toMatchObject(chosen!.drop!);
  });

  it("searches a network's output once where heads go by thresholds per class as well", () => {
    const policy = "top1-per-class";
    const fitted = <Network extends NetworkInputs>(network: Network): Network => {
      const { tables, profile } = network;
      const heads = [...profile.heads, ...profile.heads.map((head) => ({ ...head, policy }))];
      return {
        ...network,
        tables: new Map([...tables, [policy, tables.get("top1")!]]),
        profile: { ...profile, heads },
      };
    };
    const { members = [], ...backbone } = inputs;
    const options = searchOptionsSchema.parse({ useCase, policies: ["top1", policy] });
    const spaces = searchSpaces({ ...fitted(backbone), members: members.map(fitted) }, options);
    const chain = spaces.find((on) => on.chain?.length === 2)!;
    // 6 and 2 heads under both policies, and the little network's output.
    expect(chain.space.candidates).toHaveLength(17);
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
    // With a server nothing is said of drops on new images.
    expect(alone).toEqual(onDevice.searches[0].front.map(({ drop, ...plan }) => plan));
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

  it("refuses a profile that knows nothing of a network", () => {
    const options = searchOptionsSchema.parse({ useCase });
    const untimed = { ...inputs, members: [], untimed: ["little.onnx"] };
    expect(() => startFrontSearch({ inputs: untimed, options })).toThrow(
      "the profile has no latencies of little.onnx, which the project holds beside its backbone; profile the project again",
    );
  });

  it("keeps a network on the device that the server doesn't know, and says so", async () => {
    const { offload } = offloadOf(seededRandom(3), inputs as DesignInputs, () => 0.1);
    const link = { latencyMs: 0.1, bandwidthMbps: 1000 };
    expect(unknownToServer({ ...inputs, offload })).toBeUndefined();
    const members = offload.members.map((member) => ({ ...member, latencies: undefined }));
    const searching = { ...inputs, offload: { ...offload, link, members } };
    expect(unknownToServer(searching)).toBe(
      "the server's profile has no latencies of little.onnx, so no plan runs that there; " +
        "profile this project on the server to have it searched as well",
    );
    const front = await searched({ compare: false }, searching);
    const [{ front: plans }] = front.searches;
    expect(plans.some(({ chain, cut }) => chain?.length === 2 && cut !== undefined)).toBe(true);
    for (const { cutMember } of plans) expect(cutMember).toBeUndefined();
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
