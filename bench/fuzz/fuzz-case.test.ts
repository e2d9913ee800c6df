import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { caseKinds, type FuzzCase, kindOfCase, makeCase } from "./fuzz-case.ts";
import { knownCases } from "./known/index.ts";

function digest({ tree, mutations }: FuzzCase): string {
  const hash = createHash("sha256").update(mutations.join());
  for (const [name, entry] of tree) {
    hash.update(`${name}:${entry.kind}`);
    if (entry.kind === "file") hash.update(entry.bytes);
    if (entry.kind === "link") hash.update(entry.target);
  }
  return hash.digest("hex");
}

it("a case is the same bytes for the same seed and number, and another for others", async () => {
  const numbers = Array.from({ length: 24 }, (_, number) => number);
  const digests = (seed: number) =>
    Promise.all(numbers.map(async (number) => digest(await makeCase(seed, number))));
  const [first, again, other] = [await digests(1), await digests(1), await digests(2)];
  expect(again).toEqual(first);
  expect(new Set([...first, ...other]).size).toBe(48);
});

it("kinds take turns", async () => {
  expect([0, 1, 2, 3, 4].map(kindOfCase)).toEqual(["model", "project", "data", "model", "project"]);
  for (const number of [0, 1, 2]) expect((await makeCase(7, number)).kind).toBe(caseKinds[number]);
});

it("every known case is of the kind that its name says, and can be made", async () => {
  for (const [id, make] of Object.entries(knownCases)) {
    const { kind, tree, open } = await make();
    expect(id).toMatch(new RegExp(`^${kind}-`));
    expect(open === "" || tree.has(open), id).toBe(true);
  }
});
