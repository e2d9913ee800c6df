import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { type FrontFile, frontFileSchema } from "../shared/files/front-file.ts";
import { linkSchema } from "../shared/model/link.ts";
import { planExitSchema } from "../shared/model/plan.ts";
import { type Latency, type Profile, profileFileSchema } from "../shared/model/profile.ts";
import { pacedProfile } from "../shared/space/testing/test-profile.ts";
import {
  expectRefusal,
  finishedRun,
  offramp,
  offrampJson,
  ownFolder,
  readJson,
  shared,
} from "./testing/command-line.ts";

const own = ownFolder();

const comparisonSchema = z.object({
  targets: z.array(
    z.object({
      target: z.object({ device: z.string(), threads: z.number() }),
      backboneMs: z.number(),
      plan: z.object({ exits: z.array(planExitSchema), cut: z.string().optional() }),
    }),
  ),
  server: z.object({ target: z.object({ device: z.string() }), link: linkSchema }).optional(),
  rankings: z.array(
    z.object({
      kind: z.string(),
      network: z.string().optional(),
      targets: z.tuple([z.number(), z.number()]),
      items: z.number(),
      tauB: z.number().optional(),
      swapped: z.number(),
    }),
  ),
  transfers: z.array(
    z.object({
      from: z.number(),
      to: z.number(),
      accuracy: z.number(),
      latencyMs: z.number(),
      speedup: z.number(),
      lostPct: z.number(),
      lostIntervalPct: z.tuple([z.number(), z.number()]).optional(),
      beatenBy: z.number(),
    }),
  ),
  verdict: z.array(z.object({ id: z.string(), text: z.string() })),
});

let run: Awaited<ReturnType<typeof finishedRun>>;
/** Profiles of one thread, of two, and of a made-up board. */
let files: { one: string; two: string; board: string };

beforeAll(async () => {
  run = await finishedRun();
  const one = `${run.folder}/profile.json`;
  const two = own.path("two.json");
  const measured = [
    "profile",
    run.project,
    "--threads",
    "2",
    "--profile-seconds",
    "0.5",
    "--out",
    two,
    "--quiet",
  ];
  expect((await offramp(measured)).code).toBe(0);
  const here = await readJson(one, profileFileSchema);
  const board = await own.write("board.json", JSON.stringify(boardOf(here as Profile)));
  files = { one, two, board };
});

function paced<Timed extends Latency>(timed: Timed, factor: number): Timed {
  return {
    ...timed,
    medianMs: factor * timed.medianMs,
    meanMs: factor * timed.meanMs,
    p5Ms: factor * timed.p5Ms,
    p95Ms: factor * timed.p95Ms,
    intervalMs: timed.intervalMs?.map((ms) => factor * ms) as Latency["intervalMs"],
  };
}

/** A board on which the first half of the network takes nearly all of its time, so that leaving early saves little. */
function boardOf(profile: Profile): Profile {
  const lastPrefix = Math.max(...profile.prefixes.map(({ meanMs }) => meanMs));
  const late = (meanMs: number) => (0.8 + (0.2 * meanMs) / lastPrefix) * (lastPrefix / meanMs);
  return {
    ...profile,
    target: { ...profile.target, device: "a made-up board" },
    prefixes: profile.prefixes.map((prefix) => paced(prefix, late(prefix.meanMs))),
    heads: profile.heads.map((head) => paced(head, 0.5)),
  };
}

/** A machine that is twenty times as fast up to its third cut point, and a hundred times as slow from there on. */
function tiringOf(profile: Profile): Profile {
  const byLatency = [...profile.prefixes].sort((one, other) => one.meanMs - other.meanMs);
  const { meanMs: quickMs } = byLatency[2];
  const tiring = <Timed extends Latency>(timed: Timed): Timed => {
    const { meanMs } = timed;
    const takenMs = 0.05 * Math.min(meanMs, quickMs) + 100 * Math.max(0, meanMs - quickMs);
    return paced(timed, takenMs / meanMs);
  };
  return {
    ...profile,
    target: { ...profile.target, device: "tiring" },
    prefixes: profile.prefixes.map(tiring),
    heads: profile.heads.map((head) => paced(head, 0.05)),
    backbone: tiring(profile.backbone),
    final: tiring(profile.final),
  };
}

const given = (...paths: string[]) => paths.flatMap((path) => ["--profile", path]);
const search = ["--max-drop", "1", "--levels", "8", "--max-exits", "2"];

describe("fleet compare", () => {
  test("says what each target's plan does on the others, and how far rankings agree", async () => {
    const { one, two, board } = files;
    const args = ["fleet", "compare", run.project, ...given(one, two, board), ...search];
    const { targets, transfers, rankings, verdict } = await offrampJson(args, comparisonSchema);
    expect(targets.map(({ target }) => [target.device === "a made-up board", target.threads])).toEqual([
      [false, 1],
      [false, 2],
      [true, 1],
    ]);
    expect(transfers).toHaveLength(9);
    for (const { from, to, lostPct, beatenBy, speedup } of transfers) {
      const best = transfers.find((row) => row.from === to && row.to === to)!;
      expect(lostPct).toBeCloseTo(100 * (1 - speedup / best.speedup), 9);
      if (from === to) expect([lostPct, beatenBy]).toEqual([0, 0]);
    }
    // What is best here as a search of its own finds it.
    const front = await offrampJson(
      ["search", run.project, "--profile", board, "--no-compare", ...search],
      frontFileSchema,
    );
    const onBoard = transfers[8];
    expect(onBoard.accuracy).toBe(front.recommended.figures.accuracy);
    expect(onBoard.speedup).toBeCloseTo(
      front.backbone.latencyMs / front.recommended.figures.latencyMs.mean,
      9,
    );
    // Decisions don't depend on the target: the plan of the first keeps its accuracy on the board.
    expect(transfers[2].accuracy).toBe(transfers[0].accuracy);
    const kinds = rankings.filter((ranking) => ranking.targets.join() === "0,2").map(({ kind }) => kind);
    expect(kinds).toEqual(["prefixes", "stretches", "exits", "plans"]);
    const prefixes = rankings.find(({ kind, targets: [, other] }) => kind === "prefixes" && other === 2)!;
    expect([prefixes.items, prefixes.swapped]).toEqual([run.summary.model.cutPoints, 0]);
    expect(verdict[0].id).toBe("loss");
  });

  test("prints tables for a person, and draws the picture", async () => {
    const picture = own.path("fleet.svg");
    const args = [
      "fleet",
      "compare",
      run.project,
      ...given(files.one, files.board),
      ...search,
      "--out",
      picture,
    ];
    const { code, stdout, stderr } = await offramp(args);
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(
      /\nB {2}a made-up board · cpu, 1 thread +\w+ +[\d.]+ ms +[\d.]+x +[\d.]+ % +proven\n/,
    );
    expect(stdout).toMatch(/\nA {8}B +[\d.]+x +[\d.]+x /);
    expect(stdout).toMatch(/\nA, B {5}plans by latency +\d+ /);
    expect(stdout).toContain(`\nwrote ${picture}\n`);
    const svg = await readFile(picture, "utf8");
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" width="760"/);
    expect(svg).toContain("B: a made-up board · cpu, 1 thread, backbone");
  });

  test("refuses what can't be compared, in one line that says what to do", async () => {
    const compare = (...more: string[]) => ["fleet", "compare", run.project, ...more, ...search];
    await expectRefusal(compare(), {
      says: /profiles of two targets or more, and there is one; .*offramp profile/,
      code: 2,
    });
    await expectRefusal(compare(...given(files.one, files.one)), { says: /are the same profile/, code: 2 });
    const other = own.path("other.json");
    const { code } = await offramp([
      "profile",
      shared("fixed.onnx"),
      "--profile-seconds",
      "0.5",
      "--out",
      other,
    ]);
    expect(code).toBe(0);
    await expectRefusal(compare(...given(files.one, other)), {
      says: /other\.json: the profile was made for another model/,
    });
    await expectRefusal(["fleet", "compare", run.project, "--nonsense"], {
      says: /unknown option '--nonsense'; see `offramp fleet compare --help`/,
      code: 2,
    });
  });
});

describe("fleet compare with a server", () => {
  const link = ["--link-latency", "0.01", "--link-bandwidth", "10000"];
  const stated = "rack · cpu, 1 thread, 0.010 ms one way, 10000 Mbit/s";
  /** One far slower than the server, one that is in its later half, and one far faster. */
  let targets: readonly string[];
  let server: string;
  let behind: string[];

  beforeAll(async () => {
    const here = (await readJson(files.one, profileFileSchema)) as Profile;
    const kept = (profile: Profile) => own.write(`${profile.target.device}.json`, JSON.stringify(profile));
    targets = [
      await kept(pacedProfile(here, 100, "slow")),
      await kept(tiringOf(here)),
      await kept(pacedProfile(here, 0.01, "quick")),
    ];
    server = await kept(pacedProfile(here, 1, "rack"));
    behind = ["--server", server, ...link];
  });

  const compare = (...more: string[]) => [
    ...["fleet", "compare", run.project, ...given(...targets)],
    ...[...search, ...more],
  ];

  test("partitions each target's plan as a search does, and has it on the others as sdf has it", async () => {
    const compared = await offrampJson(compare(...behind), comparisonSchema);
    const { transfers, verdict } = compared;
    expect(compared.server).toMatchObject({
      target: { device: "rack" },
      link: { latencyMs: 0.01, bandwidthMbps: 10_000 },
    });
    const found: FrontFile["recommended"][] = [];
    for (const [index, profile] of targets.entries()) {
      const args = ["search", run.project, "--profile", profile, ...behind, "--no-compare", ...search];
      const out = own.path(`found-${index}`);
      const { recommended, backbone } = await offrampJson([...args, "-o", out], frontFileSchema);
      const { cut, exits, figures } = recommended;
      expect(compared.targets[index].plan).toEqual({ exits, cut });
      const chosen = transfers.find(({ from, to }) => from === index && to === index)!;
      expect([chosen.accuracy, chosen.lostPct, chosen.beatenBy]).toEqual([figures.accuracy, 0, 0]);
      expect(chosen.latencyMs).toBeCloseTo(figures.latencyMs.mean, 9);
      expect(chosen.speedup).toBeCloseTo(backbone.latencyMs / figures.latencyMs.mean, 6);
      found.push(recommended);
    }
    // The server does all for the slow one, the later half for the one that tires, and nothing for one that is quicker than the way there.
    expect([found[0].cut, found[2].cut]).toEqual(["image", undefined]);
    expect(["image", undefined]).not.toContain(found[1].cut);

    for (const { from, to, latencyMs, lostPct, lostIntervalPct, accuracy } of transfers) {
      const plan = own.path(`found-${from}`, "plan.json");
      const args = ["sdf", run.project, "--plan", plan, "--profile", targets[to], ...behind];
      const flow = await offrampJson(args, z.object({ cut: z.string().optional(), expectedMs: z.number() }));
      expect(flow.cut).toBe(found[from].cut);
      expect(latencyMs, `the plan of ${from} on ${to}`).toBeCloseTo(flow.expectedMs, 9);
      expect(accuracy).toBe(found[from].figures.accuracy);
      expect(lostPct).toBeCloseTo(100 * (1 - found[to].figures.latencyMs.mean / latencyMs), 9);
      const [low, high] = lostIntervalPct!;
      expect(low).toBeLessThanOrEqual(lostPct);
      expect(high).toBeGreaterThanOrEqual(lostPct);
    }
    // Whoever sends the image to the server waits as long.
    const [onSlow, ...elsewhere] = transfers.filter(({ from }) => from === 0);
    for (const { latencyMs } of elsewhere) expect(latencyMs).toBeCloseTo(onSlow.latencyMs, 9);
    expect(verdict.find(({ id }) => id === "server")?.text).toBe(
      `Plans may continue on a server (${stated}): the plans of A and B do.`,
    );

    const alone = await offrampJson(compare(), comparisonSchema);
    expect(alone.server).toBeUndefined();
    expect(alone.targets.map(({ plan }) => plan.cut)).toEqual([undefined, undefined, undefined]);
    expect(alone.transfers[0].latencyMs).toBeGreaterThan(onSlow.latencyMs);
  });

  test("prints where plans are partitioned, and names the server in the picture", async () => {
    const picture = own.path("server.svg");
    const { code, stdout, stderr } = await offramp(compare(...behind, "--out", picture));
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/\nplan of +goes through +partitioned at +exit +threshold\n/);
    expect(stdout).toMatch(/\nA +model +input +/);
    expect(stdout).toMatch(/\nC +model +– +/);
    expect(stdout).toContain(`· Plans may continue on a server (${stated}): the plans of A and B do.\n`);
    expect(await readFile(picture, "utf8")).toContain(stated);
  });

  test("takes the usual link for a server without one, and refuses a link or a server that tells nothing", async () => {
    const { server: usual } = await offrampJson(compare("--server", server), comparisonSchema);
    expect(usual!.link).toEqual(linkSchema.parse({}));
    await expectRefusal(compare(...link), {
      says: /a link without a server: give --server with the server's profile/,
      code: 2,
    });
    const rack = (await readJson(server, profileFileSchema)) as Profile;
    const of = (name: string, profile: Profile) => own.write(name, JSON.stringify(profile));
    const other = await of("other-rack.json", { ...rack, graphSha256: "0".repeat(64) });
    await expectRefusal(compare("--server", other, ...link), {
      says: /other-rack\.json: the profile was made for another model/,
    });
    const untimed = await of("untimed-rack.json", { ...rack, heads: rack.heads.slice(1) });
    await expectRefusal(compare("--server", untimed, ...link), {
      says: /untimed-rack\.json: the profile has no latency for head '[\w-]+' with policy 'top1' at 'stem'/,
    });
    await expectRefusal(compare("--server", own.path("missing.json"), ...link), { says: /missing\.json/ });
    await expectRefusal(compare(...behind, "--link-bandwidth", "0"), { says: /--link-bandwidth/, code: 2 });
  });
});
