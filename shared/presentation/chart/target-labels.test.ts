import { expect, it } from "vitest";
import { targetLabels } from "./target-labels.ts";

it("labels stand beside their marks, on the side with room, and never on each other", () => {
  const box = { left: 40, right: 400, top: 20, bottom: 300 };
  const marks = [
    { name: "board", at: { left: 100, top: 50 } },
    { name: "server", at: { left: 104, top: 52 } },
    { name: "far away", at: { left: 395, top: 50 } },
  ];
  const [board, server, far] = targetLabels(marks, box);
  expect(board).toEqual({ text: "board", left: 109, top: 50, anchor: "start" });
  // A line below the first, which it would cover.
  expect(server).toEqual({ text: "server", left: 113, top: 64, anchor: "start" });
  expect(far).toEqual({ text: "far away", left: 386, top: 50, anchor: "end" });
});
