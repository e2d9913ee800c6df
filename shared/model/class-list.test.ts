import { describe, expect, it } from "vitest";
import { parseClassList } from "./class-list.ts";

describe("parseClassList", () => {
  it.each([
    ["names by line", "cat\r\ndog\r\n", ["cat", "dog"]],
    ["names with spaces and a byte-order mark", "\uFEFFgreat white\nant\n", ["great white", "ant"]],
    ["numbers alone, which are names", "0\n1\n10\n11\n2\n", ["0", "1", "10", "11", "2"]],
    ["numbered lines in any order", "1 dog\n0 cat\n2 emu", ["cat", "dog", "emu"]],
    ["lines numbered with colons", "0: cat\n1: dog", ["cat", "dog"]],
    ["lines numbered with commas", "0,cat\n1,dog", ["cat", "dog"]],
    ["names that start with numbers", "10 speed bike\n2 seater", ["10 speed bike", "2 seater"]],
    ["a list", '["cat", "dog"]', ["cat", "dog"]],
    ["a list of numbers", "[0, 1, 10, 2]", ["0", "1", "10", "2"]],
    ["index by name, as class_to_idx", '{"dog": 1, "cat": 0}', ["cat", "dog"]],
    ["index by name, where names are numbers", '{"0": 0, "1": 1, "10": 2, "2": 3}', ["0", "1", "10", "2"]],
    ["name by index, as id2label", '{"1": "dog", "0": "cat"}', ["cat", "dog"]],
    ["a name that objects have", '{"__proto__": 0, "constructor": 1}', ["__proto__", "constructor"]],
  ])("reads %s", (_, text, names) => {
    expect(parseClassList(text)).toEqual({ names });
  });

  it.each([
    ["nothing", " \n", /is empty/],
    ["an empty line", "cat\n\ndog", /line 2 is empty/],
    ["a name twice", "cat\ndog\ncat", /names the class "cat" twice/],
    ["an index twice", '{"cat": 0, "dog": 0}', /gives no class the number 1, expected 0 to 1/],
    ["a gap", '{"cat": 0, "dog": 2}', /gives no class the number 1/],
    ["a huge index", '{"cat": 0, "dog": 9007199254740991}', /gives no class the number 1/],
    ["numbers from 1", '{"1": "cat", "2": "dog"}', /numbers the classes from 1 to 2, expected from 0/],
    ["lines numbered from 1", "1 cat\n2 dog", /numbers the classes from 1 to 2, expected from 0/],
    ["broken JSON", '{"cat": 0', /is no JSON/],
    ["lists of lists", '{"0": ["n01", "tench"]}', /holds neither a list of names/],
    ["a nameless class", '{"0": "cat", "1": " "}', /gives class 1 no name/],
    [
      "more classes than there are",
      JSON.stringify(Array.from({ length: 65_537 }, (_, at) => at)),
      /lists more classes than the 65536/,
    ],
    ["no names", "[]", /is empty/],
  ])("says what is wrong with %s", (_, text, fault) => {
    expect(parseClassList(text)).toEqual({ fault: expect.stringMatching(fault) });
  });
});
