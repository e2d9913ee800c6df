import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { silentJob } from "../../../shared/base/job.ts";
import type { Plan, PlanExit } from "../../../shared/model/plan.ts";
import { type Preprocess, preprocessSchema } from "../../../shared/model/preprocess.ts";
import { temporaryFolder } from "../../disk/testing/temporary-folder.ts";
import { openDeployed } from "../verify/deployed-network.ts";
import { pictureBytes } from "../verify/picture-bytes.ts";
import { routePlan } from "../verify/route-plan.ts";
import { assembleDesign } from "./design.ts";
import { dividingThreshold } from "./testing/dividing-threshold.ts";
import { type ChainNetwork, chainNetwork, largeNet, photographs, smallNet } from "./testing/test-chains.ts";
import { uint8File } from "./uint8-file.ts";

const target = { provider: "cpu", threads: 1 };
const samples = 48;
const photos = photographs(samples);
const imagenet = { mean: [0.485, 0.456, 0.406], standardDeviation: [0.229, 0.224, 0.225] };
const large = await chainNetwork(largeNet(), preprocessSchema.parse(imagenet), photos);

/** An exit behind the network's first cut point, at which about half of the samples leave. */
function exitOf({ routed }: ChainNetwork, member?: string): PlanExit {
  const [{ cutPoint, kind }] = routed.heads;
  const confidence = routed.tables.get("top1")!.confidence.subarray(0, samples);
  return { member, cutPoint, head: kind, policy: "top1", threshold: dividingThreshold([...confidence]) };
}

/** What the file decides of the bytes, beside what the tables say; and what its images are. */
async function decided(chain: readonly ChainNetwork[]) {
  const plan: Plan = {
    format: "offramp-plan",
    version: 1,
    backboneSha256: large.routed.sha256,
    exits: chain.map((network) => exitOf(network, network === large ? undefined : network.routed.sha256)),
    chain: chain.map(({ routed }) => routed.sha256),
  };
  const members = chain.filter((network) => network !== large);
  const design = assembleDesign(large, plan, members, "bytes");
  const folder = await temporaryFolder();
  await uint8File.write(design, folder);
  const { summary } = large.backbone;
  const opened = { plan, backbone: summary, byteImages: () => design.images };
  const deployed = await openDeployed(join(folder, uint8File.target), opened, target, silentJob);
  expect(deployed.given).toBe("bytes");
  const { exit, predicted } = routePlan(plan, [large.routed, ...members.map(({ routed }) => routed)]);
  for (let sample = 0; sample < samples; sample++) {
    const given = design.images.map(({ backbone }) => {
      const { images, preprocess } = chain.find((network) => network.backbone === backbone)!;
      return pictureBytes(images[sample], { input: backbone.summary.input, preprocess });
    });
    const found = await deployed.run(...given);
    const logits = Array.from(found.logits.data as Float32Array);
    expect(found.exit, `sample ${sample}`).toBe(exit[sample]);
    expect(logits.indexOf(Math.max(...logits))).toBe(predicted![sample]);
  }
  await deployed.release();
  expect(new Set(exit).size).toBeGreaterThan(1);
  return design.images.map(({ name, input, preprocess }) => ({ name, input, preprocess }));
}

const memberOf = (net: Parameters<typeof chainNetwork>[0], preprocess: Partial<Preprocess>) =>
  chainNetwork(net, preprocessSchema.parse(preprocess), photos);

describe("a file for uint8 images decides as the tables say", () => {
  it("of the backbone alone, whose picture it is given", async () => {
    const images = await decided([large]);
    expect(images).toMatchObject([
      {
        name: "pixels",
        input: { type: "uint8", layout: "NHWC", channels: 3, height: 8, width: 8 },
        preprocess: { scale: 1, mean: [0], standardDeviation: [1], channels: "rgb" },
      },
    ]);
    const reader = { input: large.backbone.summary.input, preprocess: large.preprocess };
    for (const [sample, photo] of photos.entries())
      expect(pictureBytes(large.images[sample], reader).data).toEqual(photo.data);
  });

  it("of networks that read swapped colours, the luma, or values of their own", async () => {
    const grey = smallNet({ channels: 1, version: 13 });
    const swapped = await memberOf(smallNet(), { channels: "bgr", mean: [0.4, 0.5, 0.6] });
    expect(await decided([swapped, large])).toHaveLength(1);
    expect(await decided([await memberOf(smallNet(), { scale: 1, standardDeviation: [64] })])).toHaveLength(
      1,
    );
    const ofGrey = await decided([await memberOf(grey, { channels: "grey", standardDeviation: [0.3] })]);
    expect(ofGrey).toMatchObject([{ input: { channels: 1 } }]);
  });

  it("of networks that see another picture, which is given too", async () => {
    const small = await memberOf(smallNet({ size: 4, version: 11 }), { resize: [4, 4] });
    const images = await decided([small, large]);
    expect(images).toMatchObject([
      { name: "pixels", input: { height: 8 } },
      { name: "pixels_", input: { height: 4 }, preprocess: { resize: [4, 4], scale: 1 } },
    ]);
  });
});

it("isn't written for a network that comes without preprocessing", () => {
  const plan: Plan = { format: "offramp-plan", version: 1, backboneSha256: large.routed.sha256, exits: [] };
  const { preprocess: _preprocess, ...bare } = large;
  expect(() => assembleDesign(bare, plan, [], "bytes")).toThrow(
    "net can't be exported for uint8 images: it comes with no preprocessing; export the other formats",
  );
});

it("isn't verified on images of other numbers than bytes", () => {
  const reader = { input: large.backbone.summary.input, preprocess: preprocessSchema.parse({}) };
  const [image] = large.images;
  expect(() => pictureBytes(image, reader)).toThrow(/^an image of the data set holds .* expected bytes/);
});
