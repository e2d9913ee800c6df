import { expect, test } from "vitest";
import { exit, frontFile } from "../presentation/testing/test-plans.ts";
import type { FrontFile } from "./front-file.ts";
import { pastSearchOf, pastSearchSchema, withSearch } from "./past-search.ts";

function searched(seed: number, rest: Partial<FrontFile["searches"][number]> = {}): FrontFile {
  const front = frontFile();
  return { ...front, searches: [{ ...front.searches[0], seed, ...rest }] };
}

const today = "2026-03-01T12:00:00.000Z";

const numbers = (past: readonly { number: number; seed: number }[]) =>
  past.map(({ number, seed }) => `${number}: seed ${seed}`);

test("a search is remembered by what was asked for and its plans, without figures", () => {
  const past = pastSearchOf(frontFile(), 3);
  expect(pastSearchSchema.parse(JSON.parse(JSON.stringify(past)))).toEqual(JSON.parse(JSON.stringify(past)));
  expect(past).toMatchObject({ number: 3, algorithm: "exact", seed: 1, profile: "device" });
  expect(past.plans).toEqual([{ exits: [exit("a")] }, { exits: [exit("b")] }]);
});

test("searches are numbered in their order, the same one once, and what was there before is the first", () => {
  const one = withSearch([], searched(7), searched(8), false, today);
  expect(numbers(one)).toEqual(["1: seed 7", "2: seed 8"]);
  const two = withSearch(one, searched(8), searched(9), false, today);
  expect(numbers(two)).toEqual(["1: seed 7", "2: seed 8", "3: seed 9"]);
  // Found again: it is the latest, under its own number, with the time that it took now.
  const again = withSearch(two, searched(9), searched(7, { seconds: 9 }), false, today);
  expect(numbers(again)).toEqual(["2: seed 8", "3: seed 9", "1: seed 7"]);
  expect(again[2].seconds).toBe(9);
  // Nobody knows when a front was found that the command line had put there.
  expect(again.map(({ searchedAt }) => searchedAt)).toEqual([today, today, today]);
  expect(one.map(({ searchedAt }) => searchedAt)).toEqual([undefined, today]);
});

test("a search that goes on takes the place of what it had found", () => {
  const stopped = searched(7, { stopped: true, hypervolume: 0.4 });
  const past = withSearch([], undefined, stopped, false, today);
  const ended = withSearch(past, stopped, searched(7), true, today);
  expect(ended.map(({ hypervolume, number, stopped: was }) => [number, hypervolume, was])).toEqual([
    [1, 0.5, undefined],
  ]);
});

test("the oldest are forgotten, and long fronts thinned to their shape", () => {
  let past = withSearch([], undefined, searched(1), false, today);
  for (let seed = 2; seed <= 23; seed++)
    past = withSearch(past, searched(seed - 1), searched(seed), false, today);
  expect(past).toHaveLength(20);
  expect(numbers(past)[0]).toBe("4: seed 4");
  const front = Array.from({ length: 500 }, (_, index) => ({
    exits: [exit(String(index))],
    accuracy: 0.5,
    latencyMs: index,
  }));
  const { plans } = pastSearchOf(searched(1, { front }), 1);
  expect(plans).toHaveLength(120);
  expect([plans[0], plans[119]].map(({ exits }) => exits[0].cutPoint)).toEqual(["0", "499"]);
});
