import { expect, it } from "vitest";
import { describeClassOrder } from "./class-order.ts";

it("says which order was taken and why, with the first few classes", () => {
  const say = (source: Parameters<typeof describeClassOrder>[0]["source"], detail = "") =>
    describeClassOrder({ source, detail }, ["a", "b"]);
  expect(say("--classes", "list.txt")).toBe("classes in the order of list.txt: a, b");
  expect(say("file", "classes.txt")).toBe(
    "classes in the order of classes.txt, which lies beside the data: a, b",
  );
  expect(say("metadata", "names")).toBe("classes in the order of the model's metadata (names): a, b");
  expect(say("stored")).toBe("classes in the order that the project was made with: a, b");
  expect(say("code points")).toBe("classes sorted by name, as torchvision and Keras sort folders: a, b");
  expect(say("labels")).toBe("classes numbered as the data's labels are: a, b");
  const numbers = ["0", "1", "10", "11", "2", "3"];
  expect(describeClassOrder({ source: "labels", detail: "the key" }, numbers)).toBe(
    "classes numbered as the data's labels are, named by the key: 0, 1, 10, 11, 2, …",
  );
});
