import { describe, expect, it } from "vitest";
import { graph, model } from "../graph-builder.ts";
import { metadataClasses } from "./metadata-classes.ts";

function classesIn(metadata: Readonly<Record<string, string>>) {
  return metadataClasses(model(graph("net", { nodes: [], initializers: [] }, [], []), undefined, metadata));
}

const both = ["cat", "dog"];

describe("metadataClasses", () => {
  it.each([
    ["names", "{0: 'cat', 1: 'dog'}"],
    ["names", "{1: 'dog', 0: \"cat\",}"],
    ["classes", "['cat', 'dog']"],
    ["classes", "('cat', u'dog')"],
    ["class_names", '["cat", "dog"]'],
    ["Labels", "cat,dog"],
    ["labels", "cat, dog"],
    ["labels", "cat\ndog\n"],
    ["labels", "0: cat\n1: dog"],
    ["id2label", '{"1": "dog", "0": "cat"}'],
    ["label2id", '{"dog": 1, "cat": 0}'],
    ["class_to_idx", "{'dog': 1, 'cat': 0}"],
  ])("reads %s: %j", (key, value) => {
    expect(classesIn({ author: "me", [key]: value })).toEqual([{ key, names: both }]);
  });

  it("reads quotes inside names, as Python writes them", () => {
    expect(classesIn({ names: `{0: "jack-o'-lantern", 1: 'a "b"', 2: 'it\\'s, c: d'}` })).toEqual([
      { key: "names", names: ["jack-o'-lantern", 'a "b"', "it's, c: d"] },
    ]);
  });

  it("gives every list, the most telling key first", () => {
    const found = classesIn({ labels: "a,b", names: "['c', 'd']" });
    expect(found.map(({ key }) => key)).toEqual(["names", "labels"]);
  });

  it.each([
    ["one word", "cat"],
    ["nothing", ""],
    ["a gap", "{0: 'cat', 2: 'dog'}"],
    ["a huge index", "{0: 'cat', 99999999999999999999: 'dog'}"],
    ["a name twice", "cat,cat"],
    ["nested lists", "[['cat'], ['dog']]"],
    ["an open string", "{0: 'cat', 1: 'dog"],
    ["an open bracket", "{0: 'cat', 1: 'dog'"],
    ["two values in a row", "{0: 'cat' 1: 'dog'}"],
    ["code", "__import__('os').system('true')"],
    ["deep nesting", "[".repeat(100_000)],
    ["only blanks", " ".repeat(100_000)],
    ["a long open string", `['${"\\\\".repeat(100_000)}`],
    ["more than is looked at", "a,".repeat(3_000_000)],
  ])("passes over %s", (_, value) => {
    expect(classesIn({ names: value })).toEqual([]);
  });

  it("reads ImageNet's number of names within a moment", () => {
    const names = Array.from({ length: 1000 }, (_, at) => `class ${at}, or so`);
    const text = `{${names.map((name, at) => `${at}: '${name}'`).join(", ")}}`;
    expect(classesIn({ names: text })).toEqual([{ key: "names", names }]);
  });
});
