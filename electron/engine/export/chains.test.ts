import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, describe, expect, it, test } from "vitest";
import { silentJob } from "../../../shared/base/job.ts";
import { outputHead, type Plan, type PlanExit } from "../../../shared/model/plan.ts";
import { type Preprocess, preprocessSchema } from "../../../shared/model/preprocess.ts";
import type { Profile } from "../../../shared/model/profile.ts";
import { makeOffload } from "../../../shared/offload/make-offload.ts";
import { planSpace } from "../../../shared/offload/partition-space.ts";
import { calibratedNetwork } from "../../../shared/space/calibrated-exits.ts";
import { temporaryFolder } from "../../disk/testing/temporary-folder.ts";
import { assetPath } from "../base/assets.ts";
import { decodeModel, encodeModel } from "../onnx/codec.ts";
import type { GraphProto } from "../onnx/gen/onnx_pb.ts";
import type { RuntimeTensor } from "../onnx/runtime.ts";
import { tensorBytes } from "../onnx/tensors.ts";
import { importProto } from "../onnx/testing/test-backbone.ts";
import { openDeviceHalf, openServerHalf } from "../verify/deployed-half.ts";
import { type DeployedNetwork, openDeployed } from "../verify/deployed-network.ts";
import { pictureBytes } from "../verify/picture-bytes.ts";
import { routePlan } from "../verify/route-plan.ts";
import { verifyModel } from "../verify/verify-model.ts";
import { assembleDesign, type Design } from "./design.ts";
import { singleFile } from "./single-file.ts";
import { manifestFile, manifestSchema, staged } from "./staged.ts";
import { dividingThreshold } from "./testing/dividing-threshold.ts";
import {
  type ChainNetwork,
  chainNetwork,
  classes,
  largeNet,
  photographs,
  smallNet,
} from "./testing/test-chains.ts";
import { trainingGraph } from "./training-graph.ts";

const target = { provider: "cpu", threads: 1 };
const samples = 48;
const tolerance = 1e-4;

const imagenet = { mean: [0.485, 0.456, 0.406], standardDeviation: [0.229, 0.224, 0.225] };
const own = preprocessSchema.parse(imagenet);
const prepare = (preprocess: Partial<Preprocess>) => preprocessSchema.parse(preprocess);

/** How the member reads its images, and how many images the exported files then do. */
const members = [
  { title: "the same preprocessing", net: smallNet({ version: 17 }), preprocess: own, images: 1 },
  {
    title: "another scale, the other order, an old operator set",
    net: smallNet(),
    preprocess: prepare({ channels: "bgr" }),
    images: 1,
  },
  {
    title: "grey",
    net: smallNet({ channels: 1, version: 13 }),
    preprocess: prepare({ channels: "grey", mean: [0.4], standardDeviation: [0.3] }),
    images: 1,
  },
  {
    title: "another size",
    net: smallNet({ size: 4, version: 11 }),
    preprocess: prepare({ resize: [4, 4] }),
    images: 2,
  },
] as const;

/** Where the exits of a plan are: a network, and the index of a head or its own output. */
interface Placed {
  readonly chain: readonly ("small" | "large")[];
  readonly exits: readonly (readonly ["small" | "large", number | "output", string])[];
}

const plans: Readonly<Record<string, Placed>> = {
  "exits in both, and the first one's output": {
    chain: ["small", "large"],
    exits: [
      ["small", 0, "top1"],
      ["small", "output", "margin"],
      ["large", 1, "entropy"],
    ],
  },
  "the first one's output alone": { chain: ["small", "large"], exits: [["small", "output", "top1"]] },
  "an exit of the first one alone": { chain: ["small", "large"], exits: [["small", 0, "top1"]] },
  "the backbone first": {
    chain: ["large", "small"],
    exits: [
      ["large", 0, "top1"],
      ["large", "output", "top1"],
    ],
  },
  "a member alone, with an exit": { chain: ["small"], exits: [["small", 0, "margin"]] },
  "a member alone": { chain: ["small"], exits: [] },
};

describe.each(members)("with a member of $title", ({ net, preprocess, images }) => {
  let networks: { small: ChainNetwork; large: ChainNetwork };
  beforeAll(async () => {
    const photos = photographs(samples);
    networks = {
      small: await chainNetwork(net, preprocess, photos),
      large: await chainNetwork(largeNet(), own, photos),
    };
  });

  it.each(Object.entries(plans))(
    "%s: decides as the tables say, with the networks' logits",
    async (_, placed) => {
      const { design, folder } = await exported(networks, placed);
      const { plan } = design;
      const { exit, predicted } = routePlan(plan, [networks.large.routed, networks.small.routed]);
      const rates = Array.from(
        { length: plan.exits.length + 1 },
        (_, taken) => exit.filter((of) => of === taken).length,
      );
      for (const count of rates) expect(count).toBeGreaterThan(3);
      const isSingleChain = placed.chain.length === 1;
      expect(design.images).toHaveLength(isSingleChain ? 1 : images);
      const inOne = await openExported(join(folder, singleFile.target), design);
      const inStages = await openExported(join(folder, staged.target), design);
      const runner = await openRunner(join(folder, staged.target));
      const given = design.images.map(({ backbone }) =>
        backbone === networks.large.backbone ? networks.large : networks.small,
      );
      const inBatches = await answersInBatches(join(folder, staged.target), given);
      for (let sample = 0; sample < samples; sample++) {
        const expected = logitsOf(networks, placed, exit[sample], sample);
        const answer = expected.indexOf(Math.max(...expected));
        expect(inBatches[sample].exit).toBe(exit[sample]);
        expect(farthest({ data: inBatches[sample].logits }, expected)).toBeLessThan(tolerance);
        expect(answer).toBe(predicted![sample]);
        for (const network of [inOne, inStages, runner]) {
          const found = await network.run(...given.map((each) => each.images[sample]));
          expect(found.exit, `sample ${sample}`).toBe(exit[sample]);
          expect(farthest(found.logits, expected)).toBeLessThan(tolerance);
        }
      }
      for (const network of [inOne, inStages]) await network.release();
    },
  );

  it("is verified on every network's own images beside the backbone", async () => {
    const { design, folder } = await exported(networks, plans["exits in both, and the first one's output"]);
    const { plan } = design;
    const routes = [networks.large.routed, networks.small.routed];
    for (const file of [singleFile.target, staged.target]) {
      const deployed = await openExported(join(folder, file), design);
      const inputs = {
        backbone: networks.large.backbone.summary,
        backboneFile: encodeModel(networks.large.backbone.proto),
        deployed,
        test: networks.large.split,
        images: design.images.map(({ backbone }) => ({
          summary: backbone.summary,
          images: (backbone === networks.large.backbone ? networks.large : networks.small).split,
        })),
        plan,
        expected: routePlan(plan, routes),
        seconds: 60,
      };
      const found = await verifyModel(inputs, target, silentJob);
      await deployed.release();
      expect(found.decisionAgreement).toBe(1);
      expect(found.samples).toBe(samples);
      const { predicted } = inputs.expected;
      const right = Array.from(predicted!).filter((answer, sample) => answer === sample % classes).length;
      expect(found.plan.accuracy).toBe(right / samples);
    }
  });
});

describe("one file of a chain", () => {
  let networks: { small: ChainNetwork; large: ChainNetwork };
  beforeAll(async () => {
    const photos = photographs(samples);
    networks = {
      small: await chainNetwork(smallNet({ size: 4 }), prepare({ resize: [4, 4] }), photos),
      large: await chainNetwork(largeNet(), own, photos),
    };
  });

  it("holds weights in the branch that uses them, an If in an If for each exit", async () => {
    const { folder } = await exported(networks, plans["exits in both, and the first one's output"]);
    const { graph, opsetImport } = decodeModel(await readFile(join(folder, singleFile.target)), "export");
    expect(opsetImport.map(({ domain, version }) => [domain, Number(version)])).toEqual([["", 18]]);
    const levels = branches(graph);
    expect(levels).toHaveLength(4);
    const weights = levels.map((level) => level.initializer.filter(({ dims }) => dims.length === 4));
    const shapes = weights.map((tensors) => tensors.map(({ dims }) => dims.map(Number)));
    // The small network's stem and its block; the large one's first block and stem, the two other blocks at last.
    const stem = (channels: number) => [channels, 3, 3, 3];
    const blocks = (count: number, channels: number) => new Array(2 * count).fill([channels, channels, 3, 3]);
    expect(shapes).toEqual([[stem(4)], blocks(1, 4), [...blocks(1, 8), stem(8)], blocks(2, 8)]);
    const inFile = levels
      .flatMap((level) => level.initializer)
      .reduce((sum, tensor) => sum + tensorBytes(tensor), 0);
    const { parameterBytes } = networks.large.backbone.summary;
    expect(inFile).toBeLessThan(parameterBytes + networks.small.backbone.summary.parameterBytes + 2000);
  });

  it("has images made where they are read: one file all at once, a stage when a sample gets there", async () => {
    const { design, folder } = await exported(networks, plans["exits in both, and the first one's output"]);
    const { exit } = routePlan(design.plan, [networks.large.routed, networks.small.routed]);
    const made: Record<string, number[][]> = {};
    for (const file of [singleFile.target, staged.target]) {
      const deployed = await openExported(join(folder, file), design);
      made[file] = design.images.map(() => []);
      for (let sample = 0; sample < samples; sample++)
        await deployed.run(
          ...design.images.map(({ backbone }, image) => () => {
            made[file][image].push(sample);
            return (backbone === networks.large.backbone ? networks.large : networks.small).images[sample];
          }),
        );
      await deployed.release();
    }
    const all = [...exit.keys()];
    expect(made[singleFile.target]).toEqual([all, all]);
    // The backbone, whose image is the first, comes behind the first two exits.
    const beyond = all.filter((sample) => exit[sample] > 1);
    expect(beyond.length).toBeLessThan(samples);
    expect(made[staged.target]).toEqual([beyond, all]);
  });

  it("says which networks and images it takes", async () => {
    const { design, folder } = await exported(networks, plans["the first one's output alone"]);
    const { graph, metadataProps } = decodeModel(await readFile(join(folder, singleFile.target)), "export");
    const told = (key: string) => JSON.parse(metadataProps.find((each) => each.key === key)!.value);
    expect(graph.input.map(({ name }) => name)).toEqual(["image", "net"]);
    expect(told("offramp.plan")).toEqual(JSON.parse(JSON.stringify(design.plan)));
    expect(told("offramp.networks")).toEqual([
      { name: "net", sha256: networks.small.routed.sha256 },
      { name: "net", sha256: networks.large.routed.sha256 },
    ]);
    expect(told("offramp.images")).toMatchObject([
      { name: "image", type: "float32", shape: [1, 3, 8, 8], preprocess: imagenet },
      { name: "net", type: "float32", shape: [1, 3, 4, 4], preprocess: { resize: [4, 4] } },
    ]);
  });

  it("leaves out what nothing reads of the network before", async () => {
    const { folder } = await exported(networks, plans["an exit of the first one alone"]);
    const { graph } = decodeModel(await readFile(join(folder, singleFile.target)), "export");
    const operators = branches(graph).map((level) => level.node.map(({ opType }) => opType));
    // The small network's own pooling, behind its exit, is its only ReduceMean.
    expect(operators.flat()).not.toContain("ReduceMean");
  });

  it("is refused for another plan of the same exits, and where an image is missing", async () => {
    const { design, folder } = await exported(networks, plans["an exit of the first one alone"]);
    const { plan } = design;
    const other = { ...design, plan: { ...plan, chain: [plan.chain![0]] } };
    for (const file of [singleFile.target, staged.target])
      await expect(openExported(join(folder, file), other)).rejects.toMatchObject({
        code: "file-invalid",
        message: `${join(folder, file)} was exported from another plan`,
      });
    const fewer = { ...design, images: design.images.slice(0, 1) };
    await expect(openExported(join(folder, singleFile.target), fewer)).rejects.toMatchObject({
      code: "file-invalid",
      message: expect.stringContaining("has 2 inputs, expected one"),
    });
    await expect(openExported(join(folder, staged.target), fewer)).rejects.toMatchObject({
      code: "file-invalid",
      message: expect.stringContaining("has stages that lead to no answer"),
    });
  });

  it("is staged with a word on where a stage starts from an image", async () => {
    const { folder } = await exported(networks, plans["exits in both, and the first one's output"]);
    const manifest = manifestSchema.parse(
      JSON.parse(await readFile(join(folder, staged.target, manifestFile), "utf8")),
    );
    const { small, large } = networks;
    expect(manifest).toMatchObject({ version: 2, chain: [small.routed.sha256, large.routed.sha256] });
    expect(manifest.images!.map(({ name, shape }) => [name, shape])).toEqual([
      ["image", [null, 3, 8, 8]],
      ["net", [null, 3, 4, 4]],
    ]);
    const member = small.routed.sha256;
    const [pooled] = small.backbone.summary.cutPoints;
    expect(manifest.stages).toMatchObject([
      { image: 1, next: pooled.boundary, cutPoint: pooled.tensor, head: "gap-linear", member },
      { next: null, cutPoint: small.backbone.summary.output.name, head: outputHead, member },
      { image: 0, head: "gap-linear" },
      { next: null, threshold: null, cutPoint: null, head: null },
    ]);
    expect(manifest.stages.map(({ image }) => image)).toEqual([1, undefined, 0, undefined]);
  });

  it("has a training graph for each network, which open again", async () => {
    const { folder } = await exported(networks, plans["the first one's output alone"]);
    const names = await readdir(join(folder, "training-members"));
    expect(names).toEqual(["net.onnx"]);
    const member = decodeModel(await readFile(join(folder, "training-members", names[0])), "member");
    expect((await importProto(member)).summary.readyExits).toHaveLength(networks.small.heads.length);
    const first = decodeModel(await readFile(join(folder, trainingGraph.target)), "first");
    expect((await importProto(first)).summary.readyExits).toHaveLength(networks.large.heads.length);
  });

  describe("is refused", () => {
    const planned = (changes: Partial<Plan>) => ({
      ...planOf(networks, plans["a member alone"]),
      ...changes,
    });
    const assemble = (plan: Plan) => assembleDesign(networks.large, plan, [networks.small]);

    it("where it is partitioned in a network that it doesn't go through, or at no tensor of one", () => {
      expect(() => assemble(planned({ cut: "image" }))).toThrow(
        `the plan is partitioned at 'image' of a network (SHA-256 ${networks.large.routed.sha256.slice(0, 8)}…) that it doesn't go through`,
      );
      expect(() => assemble(planned({ cut: "elsewhere", cutMember: networks.small.routed.sha256 }))).toThrow(
        "the model has no cut point 'elsewhere'",
      );
    });

    it("where a network isn't there", () => {
      expect(() => assemble(planned({ chain: ["ab".repeat(32)] }))).toThrow(
        "the plan goes through a network (SHA-256 abababab…) that the project doesn't hold",
      );
    });

    it("where exits are out of order, of the last network's output, or of a network that isn't in it", () => {
      const [small, large] = [networks.small.routed.sha256, networks.large.routed.sha256];
      const early = exitOf(networks, ["small", 0, "top1"], 0.5);
      const output = exitOf(networks, ["small", "output", "top1"], 0.5);
      const late = exitOf(networks, ["large", 0, "top1"], 0.5);
      const wrong: [string[], PlanExit[]][] = [
        [
          [small, large],
          [late, early],
        ],
        [
          [small, large],
          [output, early],
        ],
        [[small], [output]],
        [[small], [late]],
        [[small, large], [{ ...output, cutPoint: "elsewhere" }]],
      ];
      for (const [chain, exits] of wrong)
        expect(() => assemble(planned({ chain, exits }))).toThrow(
          /^the plan's exit at '.+' has no place in its networks$/,
        );
    });
  });
});

/** Where a server takes over: a network, and the index of a cut point or its input. */
type Border = readonly ["small" | "large", number | "input"];

describe.each(members.slice(2))("on a device and a server, with a member of $title", (member) => {
  let networks: Networks;
  beforeAll(async () => {
    const photos = photographs(samples);
    networks = {
      small: await chainNetwork(member.net, member.preprocess, photos),
      large: await chainNetwork(largeNet(), own, photos),
    };
  });

  const everything = plans["exits in both, and the first one's output"];
  // Large's image has 8 x 8 x 3 bytes; small's 8 x 8 x 1, which large's serves as well, or 4 x 4 x 3.
  const small = member.images === 1 ? 0 : 48;
  const borders: [string, Placed, Border, string, number[]][] = [
    ["all on the server", everything, ["small", "input"], "ssss", [192, small]],
    ["within the first", everything, ["small", 0], "dsss", [192]],
    ["between the two", everything, ["large", "input"], "ddss", [192]],
    ["at an exit of the second", everything, ["large", 1], "ddds", []],
    ["before it", everything, ["large", 0], "dddss", []],
    [
      "between, in an early exit's wake",
      plans["an exit of the first one alone"],
      ["large", "input"],
      "ds",
      [192],
    ],
    ["the backbone first", plans["the backbone first"], ["small", "input"], "dds", [small || 64]],
    ["the backbone first, within it", plans["the backbone first"], ["large", 1], "ddss", [small || 64]],
  ];

  // Grey differs from the other in what the server has to be given of images alone.
  const tried =
    member.images === 1 ? borders.filter(([, , , , images]) => images.some((bytes) => bytes < 192)) : borders;

  // What crosses: pictures alone, a tensor and a picture, a tensor.
  const inHalves = ["all on the server", "within the first", "before it"];

  it.each(tried)(
    "%s: decides as the tables say, and says what runs where",
    async (title, placed, border, sites, images) => {
      const { design, folder } = await exported(networks, placed, border);
      const { exit } = routePlan(design.plan, [networks.large.routed, networks.small.routed]);
      const stagedFolder = join(folder, staged.target);
      const inStages = await openExported(stagedFolder, design);
      const halves = inHalves.includes(title) ? [await openHalves(stagedFolder, design, networks)] : [];
      const runner = await openRunner(stagedFolder);
      const given = design.images.map(({ backbone }) =>
        backbone === networks.large.backbone ? networks.large : networks.small,
      );
      for (let sample = 0; sample < samples; sample++) {
        const expected = logitsOf(networks, placed, exit[sample], sample);
        for (const network of [inStages, ...halves, runner]) {
          const found = await network.run(...given.map((each) => each.images[sample]));
          expect(found.exit, `sample ${sample}`).toBe(exit[sample]);
          expect(farthest(found.logits, expected)).toBeLessThan(tolerance);
        }
      }
      for (const network of [inStages, ...halves]) await network.release();
      const { stages, crossing } = await manifestIn(folder);
      expect(stages.map(({ target: site }) => site?.[0]).join("")).toBe(sites);
      const crossed = crossing!.images ?? [];
      expect(crossed.map(({ bytes }) => bytes).sort()).toEqual(images.filter(Boolean).sort());
      for (const { shape, bytes } of crossed)
        expect(shape.reduce((product, size) => product * size)).toBe(bytes);
      const first = stages.find(({ target: site }) => site === "server")!;
      const { summary } = networks[border[0]].backbone;
      const tensor = border[1] === "input" ? undefined : summary.cutPoints[border[1]];
      const imageBytes = crossed.reduce((sum, { bytes }) => sum + bytes, 0);
      expect(crossing!.bytes).toBe(imageBytes + (tensor?.activationBytes ?? 0));
      expect(crossing!.name).toBe(tensor && first.input.name);
      // What the server's stages start from is what crosses.
      const read = stages.filter(({ target: site, image }) => site === "server" && image !== undefined);
      expect([...new Set(read.map(({ image }) => image))].sort()).toEqual(
        crossed.flatMap(({ of }) => of).sort(),
      );
      expect(crossing!.bytes).toBeCloseTo(searchedBytes(networks, design.plan), 6);
    },
  );
});

test("the backbone alone on a server says how its image is made where it crosses as bytes", async () => {
  const photos = photographs(1);
  const networks = {
    small: await chainNetwork(smallNet(), own, photos),
    large: await chainNetwork(largeNet(), own, photos),
  };
  const { chain: _chain, ...plan } = planOf(networks, { chain: [], exits: [] }, ["large", "input"]);
  const write = async (further: readonly ChainNetwork[]) => {
    const folder = await temporaryFolder();
    await staged.write(assembleDesign(networks.large, plan, further), folder);
    return manifestIn(folder);
  };
  const { version, chain, images, stages, crossing } = await write([networks.small]);
  expect([version, chain, stages.map(({ image }) => image)]).toEqual([2, undefined, [0]]);
  expect(images).toMatchObject([{ name: "image", preprocess: imagenet }]);
  expect(crossing).toEqual({
    bytes: 192,
    images: [{ of: [0], type: "uint8", shape: [8, 8, 3], bytes: 192 }],
  });
  // In a project of one network it is its input, four bytes a value.
  const single = await write([]);
  expect(single).toMatchObject({ version: 2, crossing: { ...single.stages[0].input, bytes: 768 } });
});

/** What a search counts on the link, where everything takes 1 ms and a byte 8 us. */
function searchedBytes({ small, large }: Networks, plan: Plan): number {
  const own = { medianMs: 1, meanMs: 1, p5Ms: 1, p95Ms: 1, count: 1 };
  const inputsOf = ({ backbone: { summary }, heads, routed: { tables, sha256 } }: ChainNetwork) => {
    const { graphSha256, name, output, cutPoints } = summary;
    const prefixes = cutPoints.map(({ tensor }) => ({ ...own, cutPoint: tensor }));
    const timed = heads.flatMap(({ head: { cutPoint, kind } }) =>
      [...tables.keys()].map((policy) => ({ ...own, cutPoint, head: kind, policy })),
    );
    const profile = { graphSha256, name, backbone: own, final: own, prefixes, heads: timed };
    const calibrated = calibratedNetwork(
      summary,
      heads.map(({ head }) => head),
    );
    return { ...calibrated, sha256, name, output: output.name, tables, profile };
  };
  const [member, backbone] = [small, large].map(inputsOf);
  const target = { device: "d", operatingSystem: "o", runtime: "r", provider: "cpu", threads: 1 };
  const profile: Profile = {
    format: "offramp-profile",
    version: 2,
    id: "any",
    target,
    nodes: [],
    ...backbone.profile,
    members: [member.profile],
  };
  const prepared = (network: ChainNetwork) => ({ ...network, backbone: network.backbone.summary });
  const networks = { ...prepared(large), members: [prepared(small)] };
  const offload = makeOffload(networks, profile, { latencyMs: 0, bandwidthMbps: 1 });
  const inputs = { ...backbone, backboneSha256: backbone.sha256, profile, members: [member] };
  return planSpace(inputs, plan, offload).partition!.uplinkMs * 125;
}

async function manifestIn(folder: string) {
  return manifestSchema.parse(JSON.parse(await readFile(join(folder, staged.target, manifestFile), "utf8")));
}

type Networks = Readonly<Record<"small" | "large", ChainNetwork>>;

function exitOf(
  networks: Networks,
  [name, place, policy]: Placed["exits"][number],
  threshold: number,
): PlanExit {
  const { routed, backbone } = networks[name];
  const member = name === "large" ? undefined : routed.sha256;
  if (place === "output")
    return { member, cutPoint: backbone.summary.output.name, head: outputHead, policy, threshold };
  const { cutPoint, kind } = routed.heads[place];
  return { member, cutPoint, head: kind, policy, threshold };
}

/** Thresholds that let about half of those leave who come to them, far from any confidence. */
function planOf(networks: Networks, { chain, exits }: Placed, border?: Border): Plan {
  const plan: Plan = {
    format: "offramp-plan",
    version: 1,
    backboneSha256: networks.large.routed.sha256,
    exits: [],
    chain: chain.map((name) => networks[name].routed.sha256),
    ...(border && cutAt(networks, border)),
  };
  const routes = [networks.large.routed, networks.small.routed];
  for (const placed of exits) {
    const { exit } = routePlan(plan, routes);
    const { routed } = networks[placed[0]];
    const row = placed[1] === "output" ? routed.heads.length : placed[1];
    const { confidence } = routed.tables.get(placed[2])!;
    const arriving = Array.from({ length: samples }, (_, sample) => sample).filter(
      (at) => exit[at] === plan.exits.length,
    );
    const threshold = dividingThreshold(arriving.map((sample) => confidence[row * samples + sample]));
    plan.exits.push(exitOf(networks, placed, threshold));
  }
  return plan;
}

function cutAt(networks: Networks, [name, place]: Border) {
  const { backbone, routed } = networks[name];
  const { input, cutPoints } = backbone.summary;
  const cut = place === "input" ? input.name : cutPoints[place].tensor;
  return { cut, ...(name === "small" && { cutMember: routed.sha256 }) };
}

async function exported(
  networks: Networks,
  placed: Placed,
  border?: Border,
): Promise<{ design: Design; folder: string }> {
  const design = assembleDesign(networks.large, planOf(networks, placed, border), [networks.small]);
  const folder = await temporaryFolder();
  for (const format of [singleFile, staged, trainingGraph]) await format.write(design, folder);
  return { design, folder };
}

function openExported(path: string, { plan, backbone, images }: Design): Promise<DeployedNetwork> {
  const summaries = images.map((image) => image.backbone.summary);
  return openDeployed(path, { plan, backbone: backbone.summary, images: summaries }, target, silentJob);
}

/** Both halves of a partitioned plan, what crosses handed from one to the other. */
async function openHalves(folder: string, { plan, backbone, images }: Design, { small, large }: Networks) {
  const opened = { plan, backbone: backbone.summary };
  const device = await openDeviceHalf(folder, { ...opened, images }, target, silentJob);
  const server = await openServerHalf(folder, opened, target, silentJob);
  const pictureOf = (at: number, image: RuntimeTensor) => {
    const { backbone: network, preprocess } = images[at].backbone === large.backbone ? large : small;
    return pictureBytes(image, { input: network.summary.input, preprocess });
  };
  return {
    run: async (...given: readonly RuntimeTensor[]) => {
      const went = await device.run(...given, ...device.pictures.map((at) => pictureOf(at, given[at])));
      if ("logits" in went) return went;
      await expect(server.run([...went.crossing, given[0]])).rejects.toThrow(/^what crosses holds/);
      return server.run(went.crossing);
    },
    release: async () => {
      await device.release();
      await server.release();
    },
  };
}

/** The JavaScript runner on a staged folder. */
async function openRunner(folder: string) {
  const { openStagedNetwork } = await import(pathToFileURL(assetPath("runners", "run.mjs")).href);
  const { run } = await openStagedNetwork(folder);
  return {
    run: async (...images: readonly RuntimeTensor[]) => {
      const { logits, exit } = await run(...images);
      return { logits: { data: logits }, exit };
    },
  };
}

/** What the runner for batches answers the samples. */
async function answersInBatches(folder: string, given: readonly ChainNetwork[]) {
  const { openStagedNetwork } = await import(pathToFileURL(assetPath("runners", "run.mjs")).href);
  const { Batcher } = await import(pathToFileURL(assetPath("runners", "batch.mjs")).href);
  const batcher = new Batcher(await openStagedNetwork(folder), { size: 7 });
  const answers = Array.from({ length: samples }, (_, sample) =>
    batcher.run(...given.map(({ images }) => images[sample])),
  );
  await batcher.finish();
  return Promise.all(answers);
}

/** The logits at the exit that a sample takes, from the networks run alone. */
function logitsOf(networks: Networks, { chain, exits }: Placed, exit: number, sample: number): number[] {
  const [name, place] = exits[exit] ?? [chain[chain.length - 1], "output"];
  const { logits } = networks[name];
  const row = place === "output" ? logits.length - 1 : place;
  return Array.from(logits[row].subarray(sample * classes, (sample + 1) * classes));
}

function farthest({ data }: { readonly data: unknown }, expected: readonly number[]): number {
  const values = Array.from(data as Float32Array);
  expect(values).toHaveLength(expected.length);
  return values.reduce((max, value, at) => Math.max(max, Math.abs(value - expected[at])), 0);
}

/** The graph, and level by level the branch of those that go on. */
function branches(graph: GraphProto): GraphProto[] {
  const choice = graph.node.find(({ opType }) => opType === "If");
  const next = choice?.attribute.find(({ name }) => name === "then_branch")?.g;
  return next ? [graph, ...branches(next)] : [graph];
}
