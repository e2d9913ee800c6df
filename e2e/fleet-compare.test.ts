import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { frontFileSchema } from "../shared/files/front-file.ts";
import { type Latency, type Profile, profileFileSchema } from "../shared/model/profile.ts";
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
    z.object({ target: z.object({ device: z.string(), threads: z.number() }), backboneMs: z.number() }),
  ),
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

/** A board on which the first half of the network takes nearly all of its time, so that leaving early saves little. */
function boardOf(profile: Profile): Profile {
  const lastPrefix = Math.max(...profile.prefixes.map(({ meanMs }) => meanMs));
  const paced = <Timed extends Latency>(timed: Timed, factor: number): Timed => ({
    ...timed,
    medianMs: factor * timed.medianMs,
    meanMs: factor * timed.meanMs,
    p5Ms: factor * timed.p5Ms,
    p95Ms: factor * timed.p95Ms,
    intervalMs: timed.intervalMs?.map((ms) => factor * ms) as Latency["intervalMs"],
  });
  const late = (meanMs: number) => (0.8 + (0.2 * meanMs) / lastPrefix) * (lastPrefix / meanMs);
  return {
    ...profile,
    target: { ...profile.target, device: "a made-up board" },
    prefixes: profile.prefixes.map((prefix) => paced(prefix, late(prefix.meanMs))),
    heads: profile.heads.map((head) => paced(head, 0.5)),
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
