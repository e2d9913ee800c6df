import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { manifestSchema } from "../electron/engine/export/staged.ts";
import { natsProgram, noNats, startNatsServer } from "../electron/engine/fleet/testing/nats-server.ts";
import { frontFileSchema } from "../shared/files/front-file.ts";
import { planFile, planText } from "../shared/files/plan-file.ts";
import { planSchema } from "../shared/model/plan.ts";
import { profileSchema } from "../shared/model/profile.ts";
import { pacedProfile } from "../shared/space/testing/test-profile.ts";
import {
  expectRefusal,
  finishedRun,
  offramp,
  offrampJson,
  ownFolder,
  readJson,
  shared,
  smallRun,
} from "./testing/command-line.ts";
import { gratings } from "./testing/gratings.ts";
import { halvesSchema, startHalves } from "./testing/halves.ts";
import { defaultNetwork, writeSmallNetwork } from "./testing/small-network.ts";
import { imagesPerClass, trainSeed } from "./testing/workspace.ts";

if (!natsProgram) console.warn(`skipped in part: ${noNats}`);

const flowSchema = z.object({
  cut: z.string().optional(),
  expectedMs: z.number(),
  crossingRate: z.number(),
  throughputs: z.array(z.object({ samplesPerSecond: z.number(), bottleneck: z.string() })),
});

let run: Awaited<ReturnType<typeof finishedRun>>;
const folder = ownFolder();
const { path } = folder;

beforeAll(async () => {
  run = await finishedRun();
  const profile = await readJson(join(run.folder, "profile.json"), profileSchema);
  await writeFile(path("board.json"), JSON.stringify(pacedProfile(profile, 100, "board")));
  await writeFile(path("server.json"), JSON.stringify(pacedProfile(profile, 1, "server")));
  await writeFile(path("other.json"), JSON.stringify({ ...profile, graphSha256: "0".repeat(64) }));
});

const search = (...more: string[]) => [
  ...["search", run.project, "--profile", path("board.json"), "--server", path("server.json")],
  ...["--no-compare", "--max-drop", "0", ...more],
];

describe("a server behind a link", () => {
  test("takes over where that is faster, and sdf says the same of the plan", async () => {
    const link = ["--link-latency", "0.01", "--link-bandwidth", "10000"];
    const front = await offrampJson(search(...link, "-o", path("near")), frontFileSchema);
    const { recommended, offload, searches } = front;
    expect(searches[0].proven).toBe(true);
    expect(offload).toMatchObject({
      profile: expect.stringMatching(/^[0-9a-f]{64}$/),
      server: { device: "server" },
      link: { latencyMs: 0.01, bandwidthMbps: 10_000 },
    });
    expect(recommended.cut).toBe("image");
    // 3 x 16 x 16 floats there, four class scores back, and the server's own time.
    const { final } = await readJson(path("server.json"), profileSchema);
    const linkMs = 0.02 + (8 * 4 * (3 * 16 * 16 + 4)) / 1e7;
    expect(offload!.backboneMs).toBeCloseTo(final.meanMs + linkMs, 9);
    const fastest = Math.min(...offload!.alone.map(({ latencyMs }) => latencyMs));
    expect(recommended.figures.latencyMs.mean).toBeLessThan(fastest);
    const plan = await readJson(path("near/plan.json"), planSchema);
    expect(plan.cut).toBe("image");

    const sdf = ["sdf", run.project, "--plan", path("near/plan.json"), "--profile", path("board.json")];
    const flow = await offrampJson([...sdf, "--server", path("server.json"), ...link], flowSchema);
    expect(flow.cut).toBe("image");
    expect(flow.crossingRate).toBe(1);
    expect(flow.expectedMs).toBeCloseTo(recommended.figures.latencyMs.mean, 9);
    expect(flow.throughputs[0].samplesPerSecond).toBeCloseTo(recommended.throughput!.samplesPerSecond, 6);
    await expectRefusal(sdf, { code: 2, says: /the plan is partitioned at image, .* give --server with/ });
    const exported = await offramp([
      ...["export", run.project, "--plan", path("near/plan.json"), "-o", path("export")],
    ]);
    expect(exported.stdout).toMatch(
      /partitioned at image .* staged models are split there, other files hold the whole network/,
    );
  });

  test("is left alone where the way is too long", async () => {
    const far = await offrampJson(search("--link-latency", "1e6"), frontFileSchema);
    expect(far.recommended.cut).toBeUndefined();
    expect(far.recommended.throughput).toMatchObject({ bottleneck: "device", crossingRate: 0 });
    expect(far.searches[0].front).toEqual(far.offload!.alone);
    const { stdout } = await offramp(search("--link-latency", "1e6"));
    expect(stdout).toMatch(
      /\nnot partitioned: the device does better without server\nlink 1000000 ms one way, 100 Mbit/,
    );
  });
});

test("with several networks it may run the later ones, and search, sdf, files and their check say so", async () => {
  const small = path("small.onnx");
  const train = gratings(imagesPerClass.train, trainSeed);
  await writeSmallNetwork(small, train, { ...defaultNetwork, blocks: 2, channels: 12, seed: 6 });
  const ran = path("chain");
  const { code, stderr } = await offramp([...smallRun(ran), "--member", small]);
  expect(code, stderr).toBe(0);
  const profile = await readJson(join(ran, "profile.json"), profileSchema);
  // The backbone is slow on the device and the link far longer than the small network takes, which stays there then.
  const board = { ...pacedProfile(profile, 100, "board"), members: profile.members };
  await writeFile(path("slow.json"), JSON.stringify(board));
  await writeFile(path("fast.json"), JSON.stringify(pacedProfile(profile, 1, "rack")));
  const latencyMs = 10 * profile.members![0].final.meanMs;
  const link = ["--link-latency", String(latencyMs), "--link-bandwidth", "1000"];
  const project = join(ran, "project.offramp");
  const targets = ["--profile", path("slow.json"), "--server", path("fast.json"), ...link];
  const args = ["search", project, ...targets, "--no-compare", "--max-drop", "0", "-o", path("shared")];
  const front = await offrampJson(args, frontFileSchema);
  expect(front.searches[0].proven).toBe(true);
  expect(front.offload!.images).toBe("bytes");
  const [backbone] = front.searches[0].front.flatMap(({ chain }) => chain?.at(-1) ?? []);
  const between = front.searches[0].front.filter(
    ({ chain, cut, cutMember }) => chain?.length === 2 && cut === "image" && cutMember === undefined,
  );
  expect(between.length).toBeGreaterThan(0);

  const { exits, chain, latencyMs: stated } = between[0];
  expect(chain!.at(-1)).toBe(backbone);
  const plan = planFile(front.backboneSha256, { exits, chain, cut: "image" });
  await writeFile(path("between.json"), planText(plan));
  const sdf = ["sdf", project, "--plan", path("between.json"), ...targets];
  const flow = await offrampJson(sdf, flowSchema);
  expect(flow.expectedMs).toBeCloseTo(stated, 9);
  expect(flow.crossingRate).toBeGreaterThan(0);
  expect(flow.crossingRate).toBeLessThan(1);
  const shares =
    /the device runs small; images of samples that it is unsure of go to the server, which runs model/;
  expect((await offramp(sdf)).stdout).toMatch(shares);

  const out = path("between");
  const exported = await offramp(["export", project, "--plan", path("between.json"), "-o", out]);
  expect(exported.stdout).toMatch(/the plan is partitioned before model: staged models are split there/);
  expect(exported.stdout).toMatch(shares);
  const { stages, crossing } = await readJson(join(out, "staged", "manifest.json"), manifestSchema);
  const deciding = stages.map(({ target, member: own }) => [target, own === undefined]);
  expect(deciding.at(0)).toEqual(["device", false]);
  expect(deciding.at(-1)).toEqual(["server", true]);
  expect(crossing).toEqual({
    bytes: 3 * 16 * 16,
    images: [{ of: [0], type: "uint8", shape: [16, 16, 3], bytes: 768 }],
  });
  const verify = ["verify", join(out, "staged"), "--project", project, "--plan", path("between.json")];
  const schema = z.looseObject({ decisionAgreement: z.number() });
  const found = await offrampJson([...verify, "--data", shared("data"), "--verify-seconds", "2"], schema);
  expect(found.decisionAgreement).toBe(1);
});

test.skipIf(!natsProgram)(
  "two workers run its halves: what crosses are the pictures of the network that the server runs",
  async () => {
    const server = await startNatsServer();
    const environment = { OFFRAMP_SERVER: server.url, OFFRAMP_FLEET: path("none.json") };
    const stopWorkers = await startHalves(folder, environment, { board: server.url, rack: server.url });
    try {
      const args = [
        ...["verify", path("between", "staged"), "--project", path("chain", "project.offramp")],
        ...["--plan", path("between.json"), "--data", shared("data"), "--verify-seconds", "2"],
        ...["--profile", path("slow.json"), "--server-profile", path("fast.json"), "--on", "board,rack"],
      ];
      const { plan, link, prediction, ...halves } = await offrampJson(args, halvesSchema, { environment });
      expect(halves.decisionAgreement).toBe(1);
      const { predicted, profiled, machineDriftPct, serverDriftPct } = prediction;
      expect(plan.exitRates).toEqual(predicted.exitRates);
      const crossing = plan.exitRates.at(-1)!;
      expect(crossing).toBeGreaterThan(0);
      // A byte a value there, four scores back; the rest is what both machines take, each at its pace.
      const linkMs = 2 * link.latencyMs + (8 * (3 * 16 * 16 + 4 * 4)) / (1000 * link.bandwidthMbps);
      const [most, least] = [predicted, profiled].map(({ latencyMs }) => latencyMs.mean - crossing * linkMs);
      const paces = [machineDriftPct, serverDriftPct].map((pct) => 1 + pct / 100);
      expect(most).toBeGreaterThan(0.999 * Math.min(...paces) * least);
      expect(most).toBeLessThan(1.001 * Math.max(...paces) * least);
    } finally {
      await stopWorkers();
      await server.stop();
    }
  },
);

test.each<[string, () => string[], 1 | 2, RegExp]>([
  [
    "another model's server",
    () => search("--server", path("other.json")),
    1,
    /profile was made for another model/,
  ],
  [
    "no bandwidth",
    () => search("--link-bandwidth", "-1"),
    2,
    /--link-bandwidth <mbit\/s>' argument '-1' is invalid/,
  ],
  ["a link to nowhere", () => ["search", run.project, "--link-latency", "1"], 2, /a link without a server/],
  [
    "a guarantee on two targets",
    () => search("--confidence", "0.95"),
    2,
    /tested for one target only: leave out/,
  ],
  [
    "a table's unknown tensors",
    () => ["search", "--table", "t.npz", "--profile", path("board.json"), "--server", path("server.json")],
    2,
    /sizes have to be known; give a \.offramp project instead of --table/,
  ],
])("refuses %s", (_, args, code, says) => expectRefusal(args(), { code, says }));
