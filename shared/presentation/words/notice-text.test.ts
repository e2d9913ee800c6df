import { expect, it } from "vitest";
import { noticeText } from "./notice-text.ts";

const long =
  "and what follows is as long as a sentence of a message can be, with numbers (12, 34) and names in it";

it("leaves a short text whole", () => {
  expect(noticeText("Saved small.offramp")).toEqual({ short: "Saved small.offramp", rest: "" });
});

it("ends with a whole sentence where it can", () => {
  const first = "The network is in the project: 93.2 % right.";
  expect(noticeText(`${first} Search, ${long}.`)).toEqual({ short: first, rest: ` Search, ${long}.` });
});

it("else with a clause, but not with one that says too little", () => {
  const { short, rest } = noticeText(
    `/tmp/x: the file is no ONNX model, as its first bytes tell; ${long} ${long}`,
  );
  expect(short).toBe(
    "/tmp/x: the file is no ONNX model, as its first bytes tell; and what follows is as long as a sentence of a message can be",
  );
  expect(rest.startsWith(", with numbers (12, 34)")).toBe(true);
});

it("else between two words, and at last anywhere", () => {
  const words = "word ".repeat(60).trim();
  expect(noticeText(words).short).toBe("word ".repeat(26).trim());
  expect(noticeText("x".repeat(200)).short).toHaveLength(130);
});

it("loses nothing", () => {
  for (const text of [`${long}. ${long}`, "x".repeat(300), `A. ${long} ${long}`]) {
    const { short, rest } = noticeText(text);
    expect(short + rest).toBe(text);
    expect(short.length).toBeLessThanOrEqual(130);
  }
});
