import { expect, test } from "vitest";
import { frontState } from "./front-state.ts";

test("a proven search says of what, one with a gap how wide, one without bounds that it can't tell", () => {
  expect(frontState({ gap: 0 })).toMatchObject({ label: "gap < 0.01 %", proven: false });
  expect(frontState({ proven: false, gap: 0, goal: "best" }).proven).toBe(false);
  expect(frontState({ proven: true }).title).toBe("proven front");
  expect(frontState({ gap: 0, goal: "best" }).title).toBe("proven best plan");
  expect(frontState({ gap: 0.0321 })).toMatchObject({ label: "gap 3.2 %", title: "front, gap 3.2 %" });
  expect(frontState({ gap: 0.00123, goal: "best" })).toMatchObject({
    label: "gap 0.12 %",
    title: "best plan, gap 0.12 %",
    meaning: "A plan that was not looked at could be better than the best one by at most 0.12 %.",
    proven: false,
  });
  expect(frontState({ gap: undefined }).label).toBe("not proven");
});

test("a tiny gap isn't none, and a whole one says that nothing is known", () => {
  expect(frontState({ gap: 1e-7 })).toMatchObject({ label: "gap < 0.01 %", proven: false });
  expect(frontState({ gap: 1, goal: "best" }).meaning).toMatch(/^No plan that meets the use case/);
});
