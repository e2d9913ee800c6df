import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Job, silentJob } from "../../../shared/base/job.ts";
import { searchOptionsSchema } from "../../../shared/model/stage-options.ts";
import { pacedProfile } from "../../../shared/space/testing/test-profile.ts";
import { StageCache } from "../base/cache.ts";
import { identifiedProfile } from "../profile/identified-profile.ts";
import { type TrainedProject, trainedProject } from "../project/project.ts";
import { makeChain } from "../project/testing/test-project.ts";
import {
  compareFleet,
  type FleetProfile,
  type FleetServer,
  projectFleet,
  searchLike,
} from "./compare-fleet.ts";

let folder: string;
let project: TrainedProject;
/** Of a backbone with a further network, of the same on a slower board, and of the backbone alone. */
let profiles: Record<"here" | "board" | "alone", FleetProfile>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "offramp-fleet-"));
  project = trainedProject(await makeChain());
  const [here, alone] = project.profiles;
  const board = identifiedProfile(pacedProfile(here, 4, "board"));
  profiles = {
    here: { name: "here.json", profile: here },
    board: { name: "board.json", profile: board },
    alone: { name: "alone.json", profile: alone },
  };
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const options = searchOptionsSchema.parse({ levels: 2, threads: 1, useCase: { maxDropPp: 50 } });

function compare(given: readonly FleetProfile[], job: Job = silentJob, server?: FleetServer) {
  return compareFleet({ cache: new StageCache(folder), job }, project, given, options, server);
}

describe("a comparison of a project's targets", () => {
  it("goes through all networks that every profile has timed", async () => {
    const { targets, transfers, rankings } = await compare([profiles.here, profiles.board]);
    const [{ backboneMs: hereMs }, { backboneMs: boardMs }] = targets;
    expect(boardMs / hereMs).toBeCloseTo(4, 12);
    // All takes four times as long there, so nothing is lost and every order stays.
    for (const { lostPct } of transfers) expect(lostPct).toBeCloseTo(0, 9);
    expect(rankings.map(({ swapped }) => swapped)).toEqual(rankings.map(() => 0));
    const named = rankings.flatMap(({ kind, network }) => (kind === "stretches" ? [network] : []));
    expect(named).toEqual(
      [project.backbone, project.members[0].backbone].map(({ summary }) => summary.sha256),
    );
  });

  it("partitions plans where a server is nearer than the end of the network, and prices them on all targets", async () => {
    const { here, board } = profiles;
    const rack = identifiedProfile(pacedProfile(here.profile, 0.001, "rack"));
    const behind = (latencyMs: number) =>
      compare([here, board], silentJob, {
        name: "rack.json",
        profile: rack,
        link: { latencyMs, bandwidthMbps: 1e9 },
      });
    const near = await behind(0);
    expect(near.server).toEqual({ target: rack.target, link: { latencyMs: 0, bandwidthMbps: 1e9 } });
    // All goes to the rack, which takes as long whoever asks.
    expect(near.targets.map(({ plan }) => plan.cut !== undefined)).toEqual([true, true]);
    const [{ latencyMs }] = near.transfers;
    for (const transfer of near.transfers) {
      expect(transfer.latencyMs).toBeCloseTo(latencyMs, 12);
      expect(transfer.lostPct).toBeCloseTo(0, 9);
      expect(transfer.speedup).toBeCloseTo(near.targets[transfer.to].backboneMs / latencyMs, 6);
    }
    const { server, ...far } = await behind(1e6);
    expect(server).toBeDefined();
    const alone = await compare([here, board]);
    expect([far.targets, far.transfers]).toEqual([alone.targets, alone.transfers]);
  });

  it("leaves a network out on all targets that one of them hasn't timed, and says so", async () => {
    const warnings: string[] = [];
    const { targets, rankings } = await compare([profiles.here, profiles.alone], {
      ...silentJob,
      warn: (text) => void warnings.push(text),
    });
    const { name, sha256 } = project.members[0].backbone.summary;
    expect(warnings).toEqual([`${name} is left out: alone.json has no latencies of it`]);
    expect(targets.flatMap(({ plan }) => plan.chain ?? [])).toEqual([]);
    expect(rankings.map(({ network }) => network)).not.toContain(sha256);
  });

  it("reports its progress without falling back, and ends where it is cancelled", async () => {
    const shares: number[] = [];
    const report = (done: number, total: number) => void shares.push(done / total);
    await compare([profiles.here, profiles.board, profiles.alone], { ...silentJob, report });
    expect(shares.length).toBeGreaterThan(3);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    const stopped = { ...silentJob, pause: () => Promise.reject(new Error("cancelled")) };
    await expect(compare([profiles.here, profiles.board], stopped)).rejects.toThrow("cancelled");
  });

  it("names the profile that doesn't fit", async () => {
    const { here, board } = profiles;
    await expect(compare([here])).rejects.toThrow(/profiles of two targets or more, and there is one/);
    await expect(compare([here, { ...here, name: "again.json" }])).rejects.toThrow(
      "here.json and again.json are the same profile",
    );
    const without = identifiedProfile({ ...board.profile, heads: [] });
    await expect(compare([here, { name: "headless.json", profile: without }])).rejects.toThrow(
      /^headless\.json: the profile has no latency for head 'gap-linear'/,
    );
    const foreign = identifiedProfile({ ...board.profile, graphSha256: "f".repeat(64) });
    await expect(compare([here, { name: "foreign.json", profile: foreign }])).rejects.toThrow(
      /^foreign\.json: the profile was made for another model/,
    );
    const behind = (name: string, profile: FleetProfile["profile"]) =>
      compare([here, board], silentJob, { name, profile, link: { latencyMs: 5, bandwidthMbps: 100 } });
    await expect(behind("foreign.json", foreign)).rejects.toThrow(
      /^foreign\.json: the profile was made for another model/,
    );
    await expect(behind("headless.json", without)).rejects.toThrow(
      /^headless\.json: the profile has no latency for head 'gap-linear'/,
    );
  });
});

describe("what a report compares", () => {
  it("is the project's own profiles that have all heads, if there are two", () => {
    const { here, board } = profiles;
    const headless = identifiedProfile({ ...board.profile, heads: [] });
    const fleet = (...own: FleetProfile["profile"][]) =>
      projectFleet({ ...project, profiles: own }, ["top1"]);
    expect(fleet(here.profile, headless)).toBeUndefined();
    expect(fleet(here.profile, headless, board.profile)).toEqual([
      { name: "d · cpu, 2 threads", profile: here.profile },
      { name: "board · cpu, 2 threads", profile: board.profile },
    ]);
  });

  it("is searched as the front was, as far as that says", () => {
    const front = project.front!;
    const useCase = { latency: "mean", maxDropPp: 1 } as const;
    expect(searchLike(front, useCase)).toMatchObject({
      ...{ algorithm: "exact", seed: 7, policies: ["top1"], maxExits: 3, levels: 32, timeLimit: 10 },
      useCase,
    });
    const [exit] = front.recommended.exits;
    const [search] = front.searches;
    const exits = [0, 1, 2, 3].map((threshold) => ({ ...exit, policy: "margin", threshold: threshold / 4 }));
    const plan = { exits, accuracy: 1, latencyMs: 1 };
    const slow = { ...front, searches: [{ ...search, seconds: 60, front: [plan] }] };
    expect(searchLike(slow, useCase)).toMatchObject({
      ...{ policies: ["top1", "margin"], maxExits: 4, timeLimit: 120 },
    });
  });
});
