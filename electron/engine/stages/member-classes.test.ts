import { join } from "node:path";
import { expect, test } from "vitest";
import { silentJob } from "../../../shared/base/job.ts";
import { temporaryFolder } from "../../disk/testing/temporary-folder.ts";
import { StageCache } from "../base/cache.ts";
import type { Backbone } from "../onnx/backbone.ts";
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
  expect(matchClasses({ backbone: await naming() }, classNames)).toEqual({ kind: "number" });
  expect(matchClasses({ backbone: await naming("red", "green", "blue") }, classNames)).toEqual({
    kind: "number",
  });
  const turned = await naming("blue", "red", "green");
  expect(matchClasses({ backbone: turned }, classNames)).toEqual({
    kind: "name",
    places: [1, 2, 0],
    from: "its metadata",
  });
  // Data whose classes are numbers can't be matched by name.
  expect(matchClasses({ backbone: turned }, ["0", "1", "2"])).toEqual({ kind: "number" });
  const others = ["cat", "dog", "emu"];
  const match = matchClasses({ backbone: await naming(...others) }, classNames);
  expect(match).toEqual({ kind: "other names", names: others });
});

/** Means of 0.1, 0.2 and 0.3 are the scores of what it calls blue, red and green. */
async function expectTurned(matched: Backbone): Promise<void> {
  const image = Float32Array.from({ length: 48 }, (_, at) => (1 + Math.floor(at / 16)) / 10);
  const { output } = matched.summary;
  const view = await viewTensors(matched, []);
  const scores = (await view.of(image))[output.name];
  await view.release();
  [0.2, 0.3, 0.1].forEach((score, at) => {
    expect(scores[at]).toBeCloseTo(score, 6);
  });
}

test("a member that names its classes in another order has its scores brought into the data's", async () => {
  const member = await naming("blue", "red", "green");
  const { said, context: stage } = await context();
  const matched = await withClassesOf({ backbone: member }, classNames, stage);
  expect(said).toEqual([
    "net has its classes in another order than the data (its metadata): its scores were brought into that order",
  ]);
  expect(matched.summary.output.name).toBe(member.summary.output.name);
  expect(matched.summary.cutPoints).toEqual(member.summary.cutPoints);
  expect(matched.summary.sha256).not.toBe(member.summary.sha256);
  await expectTurned(matched);
  // Trained again, they stay as they are.
  expect(matchClasses({ backbone: matched }, classNames)).toEqual({ kind: "number" });
});

test("names that the data doesn't have are told of", async () => {
  const member = await naming("cat", "dog", "emu");
  const { said, context: stage } = await context();
  expect(await withClassesOf({ backbone: member }, classNames, stage)).toBe(member);
  expect(said).toEqual([
    "net names its classes cat, dog, emu, and the data's are red, green, blue: they were matched by number; " +
      "list its classes in the data's words with --member-classes if that isn't their order",
  ]);
});

test("a person's list counts before the member's own names, and is one of the data's classes", async () => {
  const from = "order.txt";
  const list = (...names: string[]) => ({ names, from });
  for (const own of [[], ["cat", "dog", "emu"], ["red", "green", "blue"]]) {
    const { said, context: stage } = await context();
    const backbone = await naming(...own);
    const matched = await withClassesOf(
      { backbone, classes: list("blue", "red", "green") },
      classNames,
      stage,
    );
    expect(said).toEqual([
      "net has its classes in another order than the data (order.txt): its scores were brought into that order",
    ]);
    await expectTurned(matched);
    expect(matchClasses({ backbone: matched }, classNames)).toEqual({ kind: "number" });
  }
  const backbone = await naming("cat", "dog", "emu");
  expect(matchClasses({ backbone, classes: list(...classNames) }, classNames)).toEqual({ kind: "number" });
  // Data whose classes are numbers is listed by numbers.
  const numbers = { backbone, classes: list("2", "0", "1") };
  expect(matchClasses(numbers, ["0", "1", "2"])).toEqual({ kind: "name", places: [1, 2, 0], from });
  expect(() => matchClasses({ backbone, classes: list("rot", "green", "blue") }, classNames)).toThrow(
    'order.txt is no list of the classes of net: the class "red" isn\'t among rot, green, blue; list red, green, blue, ' +
      "spelt like that, in the order of its scores",
  );
  expect(() => matchClasses({ backbone, classes: list(...classNames, "grey") }, classNames)).toThrow(
    "order.txt is no list of the classes of net: it lists 4 classes",
  );
});
