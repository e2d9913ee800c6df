import { describe, expect, it } from "vitest";
import {
  countMoved,
  countRight,
  detectedMapping,
  findTyped,
  mappingOfList,
  mappingOfNames,
  moveClass,
  namesInOrder,
  presentMapping,
  rightAt,
  tallyAnswers,
  usualAnswers,
} from "./class-mapping.ts";

const classNames = ["a", "b", "c"];
const named = { classNames, ownClassNames: classNames };
/** Four images of a, answered b b b a; three of b, answered c c c; three of c, answered a a b. */
const tally = tallyAnswers({
  labels: Int32Array.of(0, 0, 0, 0, 1, 1, 1, 2, 2, 2),
  answers: Int32Array.of(1, 1, 1, 0, 2, 2, 2, 0, 0, 1),
});
const names = (mapping: ReturnType<typeof presentMapping>) => mapping.map(({ name }) => name);

describe("an order of the classes", () => {
  it("is worth the answers that it makes right", () => {
    const present = presentMapping(classNames);
    expect(countRight(tally, present)).toBe(1);
    expect(countMoved(present)).toBe(0);
    // a at the score 1, b at 2, c at 0: 3 + 3 + 2.
    const turned = moveClass(present, 2, 0);
    expect(names(turned)).toEqual(["c", "a", "b"]);
    expect(countRight(tally, turned)).toBe(8);
    expect(countMoved(turned)).toBe(3);
    expect(rightAt(tally, 2, 0)).toBe(2);
    expect(rightAt(tally, null, 0)).toBe(0);
    expect(moveClass(turned, 0, 2)).toEqual(present);
  });

  it("is found in the answers", () => {
    expect(usualAnswers(tally, 3)).toEqual([1, 2, 0]);
    expect(names(detectedMapping(tally, classNames))).toEqual(["c", "a", "b"]);
  });

  it("stays where the answers don't say, as far as its places are free", () => {
    // a is answered 1; b and c have too few images, and b's place is taken.
    const few = tallyAnswers({ labels: Int32Array.of(0, 0, 0, 1), answers: Int32Array.of(1, 1, 1, 0) });
    expect(usualAnswers(few, 3)).toEqual([1, -1, -1]);
    expect(names(detectedMapping(few, classNames))).toEqual(["b", "a", "c"]);
    // a and b are both answered 2.
    const both = tallyAnswers({
      labels: Int32Array.of(0, 0, 0, 1, 1, 1),
      answers: Int32Array.of(2, 2, 2, 2, 2, 2),
    });
    expect(detectedMapping(both, classNames)).toEqual(presentMapping(classNames));
  });

  it("is found by what is typed: a name from here on, else a place", () => {
    const mapping = presentMapping(["ant", "bee", "Ape"]);
    expect(findTyped(mapping, "a", 1)).toBe(2);
    expect(findTyped(mapping, "an", 1)).toBe(0);
    expect(findTyped(mapping, "1", 0)).toBe(1);
    expect(findTyped(mapping, "3", 0)).toBe(-1);
  });
});

describe("a list of classes", () => {
  it("gives an order, also with classes that the data doesn't have", () => {
    expect(mappingOfList(["c", "a", "b"], named, tally)).toEqual(mappingOfNames(["c", "a", "b"], classNames));
    const withoutB = tallyAnswers({ labels: Int32Array.of(0, 2), answers: Int32Array.of(0, 2) });
    expect(mappingOfList(["c", "other", "a"], named, withoutB)).toEqual([
      { name: "c", label: 2 },
      { name: "other", label: null },
      { name: "a", label: 0 },
    ]);
  });

  it("is refused with what is wrong with it", () => {
    expect(mappingOfList(["a", "b"], named, tally)).toEqual({
      fault: "lists 2 classes, expected the 3 of the model",
    });
    expect(mappingOfList(["a", "b", "x"], named, tally)).toEqual({
      fault: "doesn't name the data's class \"c\"",
    });
  });

  it("names the numbers of data that has no names, in whose order they stay", () => {
    const numbered = { classNames: ["0", "1", "2"], ownClassNames: ["0", "1", "2"] };
    const mapping = mappingOfList(["ant", "bee", "cat"], numbered, tally);
    expect(mapping).toEqual([
      { name: "ant", label: 0 },
      { name: "bee", label: 1 },
      { name: "cat", label: 2 },
    ]);
    expect(namesInOrder(mapping as ReturnType<typeof presentMapping>, numbered)).toEqual([
      "ant",
      "bee",
      "cat",
    ]);
  });

  it("puts numbers that something else names in order by themselves: the names would only name the numbers again", () => {
    const numbered = { classNames: ["ant", "bee", "cat"], ownClassNames: ["0", "1", "2"] };
    const turned = moveClass(presentMapping(numbered.classNames), 2, 0);
    expect(namesInOrder(turned, numbered)).toEqual(["2", "0", "1"]);
    expect(namesInOrder(moveClass(presentMapping(classNames), 2, 0), named)).toEqual(["c", "a", "b"]);
  });
});
