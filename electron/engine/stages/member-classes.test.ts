import { join } from "node:path";
import { expect, test } from "vitest";
import { silentJob } from "../../../shared/base/job.ts";
import { temporaryFolder } from "../../disk/testing/temporary-folder.ts";
import { StageCache } from "../base/cache.ts";
import { importProto, viewTensors } from "../onnx/testing/test-backbone.ts";
import { matchClasses, withClassesOf } from "./member-classes.ts";
import { colourNetwork, strongestColour } from "./testing/test-colour-network.ts";

const classNames = ["red", "green", "blue"];

/** Answers red, green and blue as 0, 1 and 2, and says that these are called so. */
function naming(...names: string[]) {
  const metadata = { names: JSON.stringify(names), labels: names.join() };
  return importProto(colourNetwork({ ...strongestColour, metadata: names.length > 0 ? metadata : {} }));
}

async function context() {
  const said: string[] = [];
  const cache = new StageCache(join(await temporaryFolder(), "cache"));
  return { said, context: { cache, job: { ...silentJob, warn: (text: string) => void said.push(text) } } };
}

test("classes are matched by name where a member names the data's, else by number", async () => {
  expect(matchClasses(await naming(), classNames)).toEqual({ kind: "number" });
  expect(matchClasses(await naming("red", "green", "blue"), classNames)).toEqual({ kind: "number" });
  const turned = await naming("blue", "red", "green");
  expect(matchClasses(turned, classNames)).toEqual({ kind: "name", places: [1, 2, 0] });
  // Data whose classes are numbers can't be matched by name.
  expect(matchClasses(turned, ["0", "1", "2"])).toEqual({ kind: "number" });
  const others = ["cat", "dog", "emu"];
  expect(matchClasses(await naming(...others), classNames)).toEqual({ kind: "other names", names: others });
});

test("a member that names its classes in another order has its scores brought into the data's", async () => {
  const member = await naming("blue", "red", "green");
  const { said, context: stage } = await context();
  const matched = await withClassesOf(member, classNames, stage);
  expect(said).toEqual([
    "net names its classes in another order than the data's: its scores were brought into that order",
  ]);
  expect(matched.summary.output.name).toBe(member.summary.output.name);
  expect(matched.summary.cutPoints).toEqual(member.summary.cutPoints);
  expect(matched.summary.sha256).not.toBe(member.summary.sha256);
  // Means of 0.1, 0.2 and 0.3 are the scores of what it calls blue, red and green.
  const image = Float32Array.from({ length: 48 }, (_, at) => (1 + Math.floor(at / 16)) / 10);
  const { output } = matched.summary;
  const view = await viewTensors(matched, []);
  const scores = (await view.of(image))[output.name];
  await view.release();
  [0.2, 0.3, 0.1].forEach((score, at) => {
    expect(scores[at]).toBeCloseTo(score, 6);
  });
  // Trained again, they stay as they are.
  expect(matchClasses(matched, classNames)).toEqual({ kind: "number" });
});

test("names that the data doesn't have are told of", async () => {
  const member = await naming("cat", "dog", "emu");
  const { said, context: stage } = await context();
  expect(await withClassesOf(member, classNames, stage)).toBe(member);
  expect(said).toEqual([
    "net names its classes cat, dog, emu, and the data's are red, green, blue: they were matched by number",
  ]);
});
