import { expect, it } from "vitest";
import { backboneFront } from "./backbone-front.ts";
import type { FrontFile } from "./front-file.ts";

const alone = { exits: [], accuracy: 0.9, latencyMs: 2 };
const chained = { exits: [], accuracy: 0.8, latencyMs: 1, chain: ["ab"] };

function front(recommended: { readonly chain?: string[] }): FrontFile {
  const search = { algorithm: "exact", front: [chained, alone] };
  const found = {
    searches: [search],
    schemes: [{ scheme: "uniform", plans: [alone, chained] }],
    recommended,
  };
  return found as unknown as FrontFile;
}

it("leaves out plans that go through further networks, on the front and among the schemes", () => {
  const { searches, schemes } = backboneFront(front({}))!;
  expect(searches[0].front).toEqual([alone]);
  expect(schemes[0].plans).toEqual([alone]);
});

it("has nothing to recommend where such a plan was recommended", () => {
  expect(backboneFront(front({ chain: ["ab"] }))).toBeUndefined();
});
