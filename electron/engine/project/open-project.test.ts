import { execFileSync } from "node:child_process";
import { mkdtemp, rm, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { platform } from "node:process";
import { zipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { cancelledError, silentJob } from "../../../shared/base/job.ts";
import { estimateCrossFit } from "../../../shared/cross-fit/estimate-cross-fit.ts";
import {
  type Robustness,
  robustnessSchema,
  type ShiftCondition,
  type ShiftedPlan,
} from "../../../shared/files/robustness.ts";
import type { ConfidenceTable } from "../../../shared/model/confidence-table.ts";
import type { Plan } from "../../../shared/model/plan.ts";
import { temporaryFolder } from "../../disk/testing/temporary-folder.ts";
import { StageCache } from "../base/cache.ts";
import { encodeTable } from "../calibrate/table-file.ts";
import { judgePlan } from "../stages/judge-plan.ts";
import { checkRobustness } from "./agreement/robustness.ts";
import { searchInputs } from "./networks-inputs.ts";
import { openProject } from "./open-project.ts";
import type { Project } from "./project.ts";
import { encodeProject } from "./project-archive.ts";
import {
  changedArchive,
  type Entries,
  edited,
  makeChain,
  makeProject,
  memberTable,
  table,
} from "./testing/test-project.ts";
import { withTunedTwin } from "./testing/tuned-networks.ts";

let project: Project;
let cacheFolder: string;
let cache: StageCache;
beforeAll(async () => {
  project = await makeProject();
  // The models are the same throughout, so they run for the first time once.
  cacheFolder = await mkdtemp(join(tmpdir(), "offramp-test-"));
  cache = new StageCache(cacheFolder);
});
afterAll(() => rm(cacheFolder, { recursive: true, force: true }));

async function opened(bytes: Uint8Array): Promise<Project> {
  const folder = await temporaryFolder({ "p.offramp": bytes });
  return openProject(join(folder, "p.offramp"), silentJob, cache);
}

type Change = (entries: Entries) => void;

/** Puts a value into an entry's JSON; its place as a path with dots. */
const put =
  (entry: string, path: string, value: unknown): Change =>
  (entries) =>
    edited(entries, entry, (content) => {
      const keys = path.split(".");
      const holder = keys.slice(0, -1).reduce((part, key) => part[key] as typeof part, content);
      holder[keys[keys.length - 1]] = value;
    });
const inProject = (path: string, value: unknown) => put("project.json", path, value);
const inFront = (path: string, value: unknown) => put("front.json", path, value);
const both =
  (...changes: readonly Change[]): Change =>
  (entries) => {
    for (const change of changes) change(entries);
  };
const inTable =
  (name: string, own: ConfidenceTable): Change =>
  (entries) => {
    entries[`tables/${name}.npz`] = encodeTable(own);
  };

const noOutput = {
  cutPoint: null,
  head: null,
  accuracy: 0,
  temperature: 1,
  expectedCalibrationError: 0,
  failurePredictionAuroc: {},
  reliability: [],
};

const doubleExits = ({ exits }: Plan): void => {
  exits.push(exits[0]);
};

const long = (count: number) => Array.from({ length: count }, () => "top1");

describe("parts that don't agree are named", () => {
  it.each<[string, Change, string]>([
    ["a negative temperature", inProject("heads.0.temperature", -1), "project.json, heads.0.temperature: "],
    ["no temperature", inProject("backboneTemperature", 0), "project.json, backboneTemperature: "],
    [
      "a number that JSON can say and nobody can count with",
      inProject("references.0.macs", 1e308),
      "project.json, references.0.macs: ",
    ],
    [
      "a policy twice",
      inProject("policies.2", "top1"),
      "project.json names the exit policy 'top1', expected each of top1, entropy, margin at most once",
    ],
    [
      "a policy of another place",
      inProject("policies", ["../../etc/passwd"]),
      "project.json names the exit policy '../../etc/passwd', expected",
    ],
    [
      "a million policies",
      inProject("policies", long(1_000_001)),
      "project.json holds more than 1000000 values",
    ],
    [
      "lists in lists",
      inProject("data.splitOptions", JSON.parse(`${"[".repeat(100)}${"]".repeat(100)}`)),
      "project.json holds lists and objects more than 64 deep",
    ],
    ["a billion profiles", inProject("profiles", 1e9), "project.json, profiles: "],
    [
      "tables without data",
      inProject("data", null),
      "project.json holds heads or tables without the data set",
    ],
    ["tables without heads", inProject("heads", []), "project.json holds 0 heads and tables of 2 policies"],
    [
      "too few class names",
      inProject("data.classNames.length", 4),
      "project.json names 4 classes, and backbone.onnx tells 5 apart",
    ],
    [
      "shares that leave nothing",
      inProject("data.splitOptions", { testShare: 0.8, calibrationShare: 0.8 }),
      'split option "testShare": calibrationShare and testShare leave nothing to train on',
    ],
    [
      "a mean for two channels",
      inProject("preprocess.mean", [0, 0]),
      "the preprocessing's mean has 2 values",
    ],
    [
      "an output too many",
      inProject("outputs.3", noOutput),
      "project.json says how good 4 outputs are, and there are 3",
    ],
    [
      "a table of other heads",
      inTable("test-top1", {
        ...table(0),
        exits: 1,
        confidence: table(0).confidence.slice(2),
        correct: table(0).correct.slice(2),
        predicted: table(0).predicted!.slice(2),
      }),
      "tables/test-top1.npz holds 2 rows, and the project has 2 heads and the backbone's own output",
    ],
    [
      "a confidence over 1",
      inTable("test-top1", table(0.6)),
      "tables/test-top1.npz holds the confidence 1.1",
    ],
    [
      "a class that isn't there",
      inTable("calibration-margin", { ...table(0), labels: Int32Array.of(4, 5) }),
      "tables/calibration-margin.npz: 'labels' holds class 5, expected 0 to 4",
    ],
    [
      "a right answer that is wrong",
      inTable("calibration-top1", { ...table(0), correct: Uint8Array.of(1, 1, 1, 1, 0, 1) }),
      "tables/calibration-top1.npz: 'correct' holds 1 for sample 1 in row 0, whose answer is 0 and whose class is 1",
    ],
    [
      "policies of other samples",
      inTable("test-margin", { ...table(0), predicted: Int32Array.of(4, 3, 4, 1, 0, 1) }),
      "tables/test-margin.npz and tables/test-top1.npz don't tell the same answers",
    ],
    [
      "offsets beyond all odds",
      inProject("classOffsets", {
        "top1-per-class": [
          [0, 0, 0, 0, 1e6],
          [0, 0, 0, 0, 0],
        ],
      }),
      "the offsets of top1-per-class are not one per head and class (2 x 5), each from -64 to 64",
    ],
    [
      "a prefix to nowhere",
      put("profiles/1.json", "prefixes.0.cutPoint", "elsewhere"),
      "profiles/1.json names 'elsewhere', which is no cut point of backbone.onnx",
    ],
    [
      "a latency below nothing",
      put("profiles/0.json", "heads.0.meanMs", -1),
      "profiles/0.json, heads.0.meanMs: ",
    ],
    [
      "a plan of another model",
      inProject("plans.1.backboneSha256", "0".repeat(64)),
      "project.json, plans.1 was made for another model than backbone.onnx",
    ],
    [
      "a plan with a head that isn't there",
      inProject("plans.0.exits.0.head", "luck"),
      "project.json, plans.0 has an exit 'luck' at 'relu2', where no such head stands",
    ],
    [
      "a plan of a policy without a table",
      inProject("plans.0.exits.0.policy", "entropy"),
      "project.json, plans.0 has an exit of the policy 'entropy', which has no table",
    ],
    [
      "a plan that is parted nowhere",
      inProject("plans.0.cut", "elsewhere"),
      "project.json, plans.0 is partitioned at 'elsewhere'",
    ],
    [
      "a threshold beyond numbers",
      inProject("plans.0.exits.0.threshold", 1e300),
      "project.json, plans.0.exits.0.threshold: ",
    ],
    [
      "a design of another model",
      inProject("design.exits.0.cutPoint", "elsewhere"),
      "project.json, design names 'elsewhere'",
    ],
    [
      "a front of other samples",
      inFront("samples", 3),
      "front.json is of 3 samples, and the calibration tables of 2",
    ],
    [
      "a plausible accuracy",
      inFront("searches.0.front.0.accuracy", 0.6),
      "front.json says that a plan of 1 exits has the accuracy 0.6, and by the project's tables and profiles it is 0.5",
    ],
    [
      "a plausible count",
      inFront("searches.0.front.0.right", 2),
      "front.json says that a plan of 1 exits has the number of right samples 2, and by the project's tables and profiles it is 1",
    ],
    [
      "a drop on new images that is smaller than it is",
      both(
        inFront("dropBounds", { confidence: 0.95, bias: [{ dropPp: 0, deviations: 1 }] }),
        inFront("searches.0.front.0.drop", { upperBoundPp: 0.1 }),
      ),
      "front.json says that a plan of 1 exits has the largest drop on new images 0.1, and",
    ],
    [
      "a drop on new images without what it is bounded by",
      inFront("searches.0.front.0.drop", { upperBoundPp: 0.1 }),
      "front.json bounds the drop of a plan of 1 exits, and doesn't say what by",
    ],
    [
      "a scheme that is faster than it is",
      inFront("schemes.0.plans.0.latencyMs", 0.4),
      "front.json says that a plan of 1 exits has the latency 0.4, and by the project's tables and profiles it is 0.43",
    ],
    [
      "a recommendation that is better than it is",
      inFront("recommended.figures.accuracy", 1),
      "front.json says that a plan of 1 exits has the accuracy 1, and",
    ],
    [
      "a slower backbone",
      inFront("backbone.latencyMs", 9),
      "front.json says that the backbone has the latency 9, and",
    ],
    [
      "a recommendation whose samples leave elsewhere",
      inFront("recommended.figures.exitRates", [0.5, 0.5]),
      "front.json says that a plan of 1 exits has the share of samples that leave at exit 1 0.5, and",
    ],
    [
      "a recommendation with a rate too few",
      inFront("recommended.figures.exitRates", [1]),
      "front.json says that a plan of 1 exits has the number of exit rates 1, and",
    ],
    [
      "a recommendation of other costs",
      inFront("recommended.figures.macs", 1000),
      "front.json says that a plan of 1 exits has the MACs 1000, and",
    ],
    [
      "a recommendation that is said to meet the use case",
      both(inFront("recommended.feasible", true), inFront("recommended.misses", [])),
      "front.json says that the recommended plan misses nothing of the use case, and by its figures it misses maxLatencyMs",
    ],
    [
      "corrupted images of another model",
      inProject("robustness.backboneSha256", "0".repeat(64)),
      "project.json, robustness was made for another model than backbone.onnx",
    ],
    [
      "a plan on corrupted images with a head that isn't there",
      inProject("robustness.front.1.exits.0.head", "luck"),
      "project.json, robustness has an exit 'luck' at 'relu2', where no such head stands",
    ],
    [
      "a smaller drop on corrupted images",
      inProject("robustness.conditions.2.plan.accuracyDropPp", 1),
      "project.json, robustness says that the plan under contrast of severity 5 has the drop 1, and by its other figures and the project's profiles it is",
    ],
    [
      "an exit twice",
      (entries) => edited(entries, "project.json", ({ plans }) => doubleExits((plans as Plan[])[0])),
      "project.json, plans.0 has an exit at",
    ],
    [
      "an exit twice in the design",
      (entries) => edited(entries, "project.json", ({ design }) => doubleExits(design as Plan)),
      "project.json, design has an exit at",
    ],
    [
      "a prefix twice",
      (entries) =>
        edited(entries, "profiles/0.json", ({ prefixes }) => {
          (prefixes as unknown[]).push((prefixes as unknown[])[0]);
        }),
      "profiles/0.json, prefixes: the same is timed twice",
    ],
    [
      "percentiles that fall",
      put("profiles/0.json", "heads.0.p5Ms", 9),
      "profiles/0.json, heads.0: expected p5Ms, medianMs and p95Ms to rise",
    ],
    [
      "an accuracy where the target has been measured again",
      both(inFront("profile", "gone"), inFront("backbone.accuracy", 0.7)),
      "front.json says that the backbone has the accuracy 0.7, and",
    ],
  ])("%s", async (_, change, message) => {
    const fault = opened(changedArchive(project, change));
    await expect(fault).rejects.toMatchObject({
      code: "file-invalid",
      message: expect.stringContaining(`p.offramp: ${message}`),
    });
  });

  it("a front whose target has been measured again keeps its latencies", async () => {
    const change = inFront("profile", "gone");
    expect((await opened(changedArchive(project, change))).front).toMatchObject({ profile: "gone" });
  });

  it("what was tried on corrupted images goes with a network that has gone", async () => {
    const change = inProject("robustness.front.1.chain", ["f".repeat(64)]);
    expect((await opened(changedArchive(project, change))).robustness).toBeUndefined();
  });

  it("a design may name a head that has gone", async () => {
    const change = inProject("design.exits.0.head", "gone");
    expect((await opened(changedArchive(project, change))).design?.exits[0].head).toBe("gone");
  });

  it("what follows from the tables is worked out, not read", async () => {
    const change = both(
      inProject("outputs.0.accuracy", 0.9),
      inProject("outputs.1.reliability", []),
      inProject("outputs.0.failurePredictionAuroc.top1", 0.9),
      inProject("heads.0.macs", 1),
      inProject("backbone.macs", 1),
    );
    const { outputs, heads, backbone } = await opened(changedArchive(project, change));
    expect(outputs).toEqual(project.outputs);
    expect(heads.map(({ macs, bytes }) => [macs, bytes])).toEqual(
      project.heads.map(({ macs, bytes }) => [macs, bytes]),
    );
    expect(backbone.summary).toEqual(project.backbone.summary);
  });
});

describe("what a plan does on corrupted images", () => {
  const found = () => project.robustness!;
  const withConditions = (change: (condition: ShiftCondition, index: number) => Partial<ShiftCondition>) => ({
    ...found(),
    conditions: found().conditions.map((own, index) => ({ ...own, ...change(own, index) })),
  });
  const withPlans = (change: (plan: ShiftedPlan) => Partial<ShiftedPlan>) =>
    withConditions(({ plan }) => ({ plan: { ...plan, ...change(plan) } }));
  const fault = (robustness: Robustness) => () => checkRobustness({ ...project, robustness });

  it("is of whole images, with their intervals, and all leave somewhere", () => {
    const half = withConditions(({ backbone }) => ({ backbone: { ...backbone, accuracy: 0.8895 } }));
    expect(fault(half)).toThrow("the backbone on images as they are has the accuracy 0.8895, and");
    const narrow = withPlans(({ accuracy }) => ({ accuracyInterval: [accuracy, accuracy] }));
    expect(fault(narrow)).toThrow(
      "the plan on images as they are has the lower end of the interval 0.89, and",
    );
    const lost = withPlans(() => ({ exitRates: [0.5, 0.4] }));
    expect(fault(lost)).toThrow("has the share of samples that leave somewhere 0.9, and");
    const ofFront = withConditions(({ front }) => ({
      front: front.map((own) => ({ ...own, accuracy: 0.0001 })),
    }));
    expect(fault(ofFront)).toThrow("a plan of the front on images as they are has the accuracy 0.0001, and");
    expect(fault(found())).not.toThrow();
  });

  it("takes what the profile says, where that is still there", () => {
    const [{ id: profile, target }] = project.profiles;
    expect(fault({ ...found(), profile })).toThrow("names another target than its profile");
    // Prefix and head take 0.11 + 0.02 ms, the whole network and the head 0.41 + 0.02, the backbone 0.343.
    const timed = (mean: number, speedup: number) => ({
      ...withConditions((_, index) => ({
        plan: {
          ...found().conditions[0].plan,
          exitRates: [0.5, 0.5],
          latencyMs: { mean, p50: 0.13, p95: 0.43, worst: 0.43 },
          speedup,
        },
        backbone: found().conditions[0].backbone,
        front: [0.13, index === 2 ? 0.44 : 0.43].map((latencyMs) => ({ accuracy: 0.8, latencyMs })),
      })),
      profile,
      target,
    });
    expect(fault(timed(0.13, 1.2))).toThrow("the plan on images as they are has the mean latency 0.13, and");
    expect(fault(timed(0.28, 2))).toThrow("the plan on images as they are has the speed-up 2, and");
    expect(fault(timed(0.28, (1 / 3 + 0.01) / 0.28))).toThrow(
      "a plan of the front under contrast of severity 5 has the latency 0.44, and",
    );
  });

  it("has each corruption and severity once, all of them known", () => {
    const isRead = (robustness: Robustness) => robustnessSchema.safeParse(robustness).success;
    expect(isRead(found())).toBe(true);
    expect(isRead(withConditions((_, index) => ({ severity: Math.min(1, index) })))).toBe(false);
    expect(isRead(withConditions(() => ({ severity: 1 })))).toBe(false);
    expect(isRead({ ...found(), corruptions: [] })).toBe(false);
  });
});

describe("members that don't agree are named", () => {
  let chain: Project;
  beforeAll(async () => {
    chain = await makeChain();
  });
  const inMember = (path: string, value: unknown) => inProject(`members.0.${path}`, value);
  const inMemberTable =
    (name: string, own: Partial<ConfidenceTable>): Change =>
    (entries) => {
      entries[`members/0/tables/${name}.npz`] = encodeTable({ ...memberTable(0.25), ...own });
    };
  const memberOf = ({ members }: Project) => members[0].backbone.summary;

  it.each<[string, (chain: Project) => Change, string]>([
    [
      "no model",
      () => (entries) => {
        delete entries["members/0/backbone.onnx"];
      },
      "members/0/backbone.onnx is missing",
    ],
    [
      "no head",
      () => (entries) => {
        delete entries["members/0/heads/0.onnx"];
      },
      "members/0/heads/0.onnx is missing",
    ],
    [
      "a head of the backbone",
      () => (entries) => {
        entries["members/0/heads/0.onnx"] = entries["heads/0.onnx"];
      },
      "members/0/heads/0.onnx reads float32 [4,8,8] in 1 inputs and gives 1 outputs, expected the float32 [2,4,4] of its cut point",
    ],
    [
      "a head at another place",
      () => inMember("heads.0.cutPoint", "elsewhere"),
      "members/0/heads/0.onnx stands at 'elsewhere', which is no cut point of members/0/backbone.onnx",
    ],
    [
      "no table",
      () => (entries) => {
        delete entries["members/0/tables/test-margin.npz"];
      },
      "members/0/tables/test-margin.npz is missing",
    ],
    [
      "tables of other samples",
      () =>
        both(
          ...["calibration-top1", "calibration-margin"].map((name) =>
            inMemberTable(name, { labels: Int32Array.of(1, 4), correct: Uint8Array.of(0, 0, 0, 0) }),
          ),
        ),
      "members/0/tables/calibration-top1.npz and tables/calibration-top1.npz are not of the same samples: their classes differ",
    ],
    [
      "tables of fewer samples",
      () =>
        both(
          ...["test-top1", "test-margin"].map((name) =>
            inMemberTable(name, {
              samples: 1,
              confidence: Float32Array.of(0.5, 0.5),
              correct: Uint8Array.of(1, 1),
              predicted: Int32Array.of(4, 4),
              labels: Int32Array.of(4),
            }),
          ),
        ),
      "members/0/tables/test-top1.npz is of 1 samples, and tables/test-top1.npz of 2",
    ],
    [
      "a table of other heads",
      () => inMemberTable("test-top1", table(0)),
      "members/0/tables/test-top1.npz holds 3 rows, and the project has 1 heads and the backbone's own output",
    ],
    [
      "the backbone once more",
      () => (entries) => {
        entries["members/0/backbone.onnx"] = entries["backbone.onnx"];
      },
      "project.json says that members/0/backbone.onnx has an input of 1x4x4, and it has 3x8x8",
    ],
    [
      "a preprocessing of another image",
      () => inMember("preprocess.mean", [0, 0, 0]),
      "the preprocessing's mean has 3 values",
    ],
    [
      "six of them",
      () => (entries) =>
        edited(entries, "project.json", ({ members }) => {
          (members as unknown[]).push(...Array.from({ length: 5 }, () => (members as unknown[])[0]));
        }),
      "project.json, members: Too big: expected array to have <=5 items",
    ],
    [
      "the same one twice",
      () => (entries) => {
        for (const name of Object.keys(entries).filter((entry) => entry.startsWith("members/0/")))
          entries[name.replace("members/0/", "members/1/")] = entries[name];
        edited(entries, "project.json", ({ members }) => {
          (members as unknown[]).push((members as unknown[])[0]);
        });
      },
      "members/1/backbone.onnx is the same network as members/0/backbone.onnx",
    ],
    [
      "a member's prefix to nowhere",
      () => put("profiles/0.json", "members.0.prefixes.0.cutPoint", "elsewhere"),
      "profiles/0.json names 'elsewhere', which is no cut point of members/0/backbone.onnx",
    ],
    [
      "members before heads are trained",
      () => inProject("data", null),
      "project.json holds heads or tables without the data set",
    ],
    [
      "a chain through a network that isn't there",
      () => inProject("plans.2.chain", ["ab".repeat(32)]),
      "project.json, plans.2 goes through a network (abababab…) that the project doesn't hold",
    ],
    [
      "a chain through the same network twice",
      (own) => inProject("plans.2.chain", [memberOf(own).sha256, memberOf(own).sha256]),
      "project.json, plans.2 goes through members/0/backbone.onnx twice",
    ],
    [
      "a chain of the backbone alone",
      ({ backbone }) => both(inProject("plans.2.chain", [backbone.summary.sha256])),
      "project.json, plans.2 names the backbone as its chain, expected none",
    ],
    [
      "a chain in another order than its exits",
      ({ backbone, ...own }) =>
        inProject("plans.1.chain", [backbone.summary.sha256, own.members[0].backbone.summary.sha256]),
      "project.json, plans.1 has an exit at the output of members/0/backbone.onnx, where all leave that came so far",
    ],
    [
      "exits of a member outside of the chain",
      () => inProject("plans.1.chain", undefined),
      "project.json, plans.1 has an exit at 'relu2' of members/0/backbone.onnx, which it doesn't go through",
    ],
    [
      "exits of the backbone outside of the chain",
      (own) => inProject("plans.1.chain", [memberOf(own).sha256]),
      "project.json, plans.1 has an exit at the output of members/0/backbone.onnx, where all leave that came so far",
    ],
    [
      "an exit of a stranger",
      () => inProject("plans.1.exits.0.member", "cd".repeat(32)),
      "project.json, plans.1 has an exit at 'relu2' in a network (cdcdcdcd…) that is no member of the project",
    ],
    [
      "the backbone's exit said to be a member's",
      ({ backbone }) => inProject("plans.0.exits.0.member", backbone.summary.sha256),
      "project.json, plans.0 has an exit at 'relu2' in a network",
    ],
    [
      "a member's output under the name of a head",
      () => inProject("plans.1.exits.1.head", "gap-linear"),
      "project.json, plans.1 names '",
    ],
    [
      "exits that fall within a member",
      () => (entries) =>
        edited(
          entries,
          "project.json",
          ({ plans }) =>
            void (plans as Plan[])[1].exits.splice(0, 2, ...(plans as Plan[])[1].exits.slice(0, 2).reverse()),
        ),
      "project.json, plans.1 has an exit at 'gemm13' before the one at 'relu2', which comes no later",
    ],
    [
      "a partition of a chain at no tensor of its network",
      () => inProject("plans.1.cut", "elsewhere"),
      "project.json, plans.1 is partitioned at 'elsewhere', which is no cut point of backbone.onnx",
    ],
    [
      "a partition in a network that the chain doesn't go through",
      () => both(inProject("plans.1.cut", "relu2"), inProject("plans.1.cutMember", "cd".repeat(32))),
      "project.json, plans.1 is partitioned at 'relu2' of a network, expected a tensor of one that it goes through",
    ],
    [
      "a partition in a network of its own name",
      ({ backbone }) =>
        both(inProject("plans.1.cut", "relu2"), inProject("plans.1.cutMember", backbone.summary.sha256)),
      "project.json, plans.1 is partitioned at 'relu2' of backbone.onnx, expected a tensor of one that it goes through; the backbone's has no cutMember",
    ],
  ])("%s", async (_, change, message) => {
    const fault = opened(changedArchive(chain, change(chain)));
    await expect(fault).rejects.toMatchObject({
      code: "file-invalid",
      message: expect.stringContaining(`p.offramp: ${message}`),
    });
  });
});

describe("tuned networks", () => {
  let chain: Project;
  let tuned: Project;
  beforeAll(async () => {
    chain = await makeChain();
    tuned = withTunedTwin(withTunedTwin(chain), chain.members[0]);
  });
  const shaOf = (at: number) => tuned.members[at].backbone.summary.sha256;

  it("are saved and opened beside what they were tuned from, with the latencies of that, and plans through them", async () => {
    const plans = [
      { ...chain.plans[2], chain: [shaOf(1)] },
      { ...chain.plans[2], exits: [], chain: [shaOf(2), shaOf(1)] },
    ];
    const again = await opened(encodeProject({ ...tuned, plans }));
    expect(again.members.map(({ tunedFrom }) => tunedFrom)).toEqual([
      undefined,
      chain.backbone.summary.sha256,
      shaOf(0),
    ]);
    expect(again.members.map(({ backbone }) => backbone.summary.name)).toEqual([
      "net",
      "net tuned",
      "net tuned",
    ]);
    expect(again.plans).toEqual(plans);
    const { members, untimed } = searchInputs(again, "calibration", again.profiles[0]);
    expect(untimed).toEqual([]);
    // The backbone's 0.41 ms; of the member 0.135, and 0.03 to bring the image to it.
    const wholeMs = members!.map(({ profile: { entry, final } }) => (entry?.meanMs ?? 0) + final.meanMs);
    expect(wholeMs.map((ms) => Number(ms.toFixed(9)))).toEqual([0.165, 0.41, 0.165]);
  });

  /** The front's own plan is of the backbone. */
  function withFrozen(): Project {
    const front = tuned.front!;
    const [search] = front.searches;
    const { recommended } = front;
    // Both samples take 0.135 ms, and 0.03 for the image; the member has both right.
    const alone = [{ exits: [], chain: [shaOf(0)], accuracy: 1, latencyMs: 0.165 }];
    return { ...tuned, front: { ...front, frozen: { ...search, alone, recommended } } };
  }

  it("stand beside a front without them", async () => {
    const { front } = await opened(encodeProject(withFrozen()));
    expect(front).toEqual(JSON.parse(JSON.stringify(withFrozen().front)));
  });

  it("are no part of a file without them", async () => {
    changedArchive(chain, (entries) => {
      expect(new TextDecoder().decode(entries["project.json"])).not.toContain("tunedFrom");
    });
    expect((await opened(encodeProject(chain))).members[0]).not.toHaveProperty("tunedFrom");
  });

  const inMember = (at: number, path: string, value: unknown) => inProject(`members.${at}.${path}`, value);
  it.each<[string, () => Uint8Array, string]>([
    [
      "from a network that isn't there",
      () => changedArchive(tuned, inMember(1, "tunedFrom", "ab".repeat(32))),
      "members/1/backbone.onnx is tuned from a network (abababab…) that the project doesn't hold as it came",
    ],
    [
      "from a tuned one",
      () => changedArchive(tuned, inMember(2, "tunedFrom", shaOf(1))),
      "members/2/backbone.onnx is tuned from a network (",
    ],
    [
      "from another graph",
      () => changedArchive(withTunedTwin(chain), inMember(1, "tunedFrom", shaOf(0))),
      "members/1/backbone.onnx is tuned from net and has another graph",
    ],
    [
      "on images of another form",
      () => changedArchive(tuned, inMember(1, "preprocess.mean", [0, 0, 0.25])),
      "members/1/backbone.onnx is tuned from net, and its images are made in another way",
    ],
    [
      "twice from the same one",
      () => encodeProject(withTunedTwin(withTunedTwin(chain), undefined, 1 / 512)),
      "members/2/backbone.onnx is tuned from the same network as members/1/backbone.onnx",
    ],
    [
      "said to have come as they are",
      () =>
        changedArchive(tuned, both(inMember(1, "tunedFrom", undefined), inMember(2, "tunedFrom", undefined))),
      "project.json holds 3 members that weren't tuned, expected up to 2",
    ],
    [
      "in a chain with what they were tuned from",
      () => changedArchive(tuned, inProject("plans.2.chain", [shaOf(0), shaOf(2)])),
      "project.json, plans.2 goes through members/0/backbone.onnx and members/2/backbone.onnx, of which one was tuned from the other",
    ],
    [
      "in a front among those without them",
      () =>
        changedArchive(
          withFrozen(),
          both(inFront("frozen.front.0.chain", [shaOf(1)]), inFront("frozen.front.0.exits", [])),
        ),
      "front.json has a plan through members/1/backbone.onnx, which was tuned, among those without tuned networks",
    ],
    [
      "beside a frozen plan of another accuracy",
      () => changedArchive(withFrozen(), inFront("frozen.front.0.accuracy", 0.75)),
      "front.json says that a plan of 1 exits has the accuracy 0.75, and by the project's tables and profiles it is 0.5",
    ],
    [
      "beside a network alone of another latency",
      () => changedArchive(withFrozen(), inFront("frozen.alone.0.latencyMs", 0.1)),
      "front.json says that a plan of 0 exits has the latency 0.1, and by the project's tables and profiles it is 0.165",
    ],
    [
      "beside a frozen plan that is said to meet the use case",
      () =>
        changedArchive(
          withFrozen(),
          both(inFront("frozen.recommended.feasible", true), inFront("frozen.recommended.misses", [])),
        ),
      "front.json says that the recommended plan misses nothing of the use case, and by its figures it misses maxLatencyMs",
    ],
    [
      "in a design with the backbone that they were tuned from",
      () =>
        changedArchive(
          tuned,
          both(
            inProject("design.chain", [shaOf(1), chain.backbone.summary.sha256]),
            inProject("design.exits", []),
          ),
        ),
      "project.json, design goes through members/1/backbone.onnx and backbone.onnx",
    ],
  ])("are refused if they are %s", async (_, bytes, message) => {
    await expect(opened(bytes())).rejects.toMatchObject({
      code: "file-invalid",
      message: expect.stringContaining(`p.offramp: ${message}`),
    });
  });
});

describe("archives that harm whoever unpacks them", () => {
  const plain = (): Entries => {
    let found: Entries = {};
    changedArchive(project, (entries) => {
      found = { ...entries };
    });
    return found;
  };

  it.each<[string, () => Uint8Array, RegExp]>([
    [
      "a name outside",
      () => zipSync({ ...plain(), "../../evil.onnx": Buffer.from("x") }),
      /p\.offramp: it holds '\.\.\/\.\.\/evil\.onnx', which is no part of a project/,
    ],
    [
      "40 MB of JSON",
      () => zipSync({ "project.json": Buffer.alloc(40e6, " ") }),
      /p\.offramp: it holds 40 MB of JSON, expected up to 32;/,
    ],
    [
      "entries without end",
      () =>
        zipSync(
          Object.fromEntries(
            Array.from({ length: 60_000 }, (_, at) => [`heads/${at}.onnx`, new Uint8Array()]),
          ),
        ),
      /p\.offramp: it holds 'heads\/10000\.onnx', which is no part of a project/,
    ],
  ])("%s", async (_, bytes, message) => {
    await expect(opened(bytes())).rejects.toMatchObject({
      code: "file-invalid",
      message: expect.stringMatching(message),
    });
  });

  it("the same entry twice", async () => {
    const bytes = zipSync({ "project.json": Buffer.from("{}"), "project.jsox": Buffer.from("{}") });
    const name = Buffer.from("project.jsox");
    const twice = Buffer.from(bytes);
    for (let at = twice.indexOf(name); at >= 0; at = twice.indexOf(name, at)) twice[at + 11] = 0x6e;
    await expect(opened(twice)).rejects.toMatchObject({
      message: expect.stringMatching(/holds project\.json twice/),
    });
  });
});

describe.skipIf(platform === "win32")("what is no file", () => {
  it("no archive at all, of which no more than the start is read", async () => {
    const path = join(await temporaryFolder({ "p.offramp": "no archive" }), "p.offramp");
    // More than can be read into memory at once: reading it whole would be refused as unreadable.
    await truncate(path, 3 * 2 ** 30);
    await expect(openProject(path)).rejects.toMatchObject({
      code: "file-invalid",
      message: expect.stringContaining("is no Offramp project"),
    });
  });

  it("a pipe that nobody writes to", async () => {
    const path = join(await temporaryFolder(), "p.offramp");
    execFileSync("mkfifo", [path]);
    await expect(openProject(path)).rejects.toMatchObject({
      code: "file-unreadable",
      message: `${path}: can't be read; give a .offramp project`,
    });
  });
});

test("a job that is cancelled leaves it unopened", async () => {
  const folder = await temporaryFolder({ "p.offramp": encodeProject(project) });
  const job = { ...silentJob, pause: () => Promise.reject(cancelledError()) };
  await expect(openProject(join(folder, "p.offramp"), job, cache)).rejects.toMatchObject({
    code: "cancelled",
  });
});

describe("a front whose halves took turns", () => {
  /** Of the backbone alone, chosen on all four samples. */
  function takingTurns(): Project {
    const [profile] = project.profiles;
    const [half, other] = (["calibration", "test"] as const).map((chosenOn) => ({ chosenOn, exits: [] }));
    const crossFit = estimateCrossFit({ on: (part) => searchInputs(project, part, profile) }, [half, other]);
    const front = { ...project.front!, samples: 4, searches: [], schemes: [], crossFit };
    const plan = { ...project.plans[0], exits: [] };
    const turned = { ...project, front };
    const { recommended, backboneAccuracy } = judgePlan(turned, profile, plan, front.useCase);
    const backbone = { ...front.backbone, accuracy: backboneAccuracy };
    return { ...turned, front: { ...front, recommended, backbone } };
  }

  it("opens as it was saved", async () => {
    const saved = takingTurns();
    // Of the backbone's answers 1 of 2 is right in either half.
    expect(saved.front!.crossFit!.pooled).toMatchObject({ accuracy: 0.5, accuracyDropPp: 0 });
    const { front } = await opened(changedArchive(saved, () => {}));
    expect(front!.crossFit).toEqual(JSON.parse(JSON.stringify(saved.front!.crossFit)));
  });

  it.each([
    ["pooled.accuracyDropPp", -1, "both halves has the crossFit.pooled.accuracyDropPp -1, and by"],
    [
      "halves.1.figures.accuracy",
      0.75,
      "both halves has the crossFit.halves.1.figures.accuracy 0.75, and by",
    ],
    ["pooled.speedup", 3, "both halves has the crossFit.pooled.speedup 3, and by"],
    ["halves", [], "another crossFit.pooled than follows"],
    ["halves.0.exits", [{ cutPoint: "gone", head: "h", policy: "top1", threshold: 0 }], "names 'gone'"],
  ])("is refused if %s is another", async (path, value, message) => {
    const change = put("front.json", `crossFit.${path}`, value);
    await expect(opened(changedArchive(takingTurns(), change))).rejects.toMatchObject({
      code: "file-invalid",
      message: expect.stringContaining(message),
    });
  });
});
