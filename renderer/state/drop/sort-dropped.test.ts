import { describe, expect, it } from "vitest";
import { type Dropped, dropLines, droppedKind, sortDropped } from "./sort-dropped.ts";

describe("what was dropped is told", () => {
  it.each([
    ["net.onnx", "", "model"],
    ["NET.ONNX", "", "model"],
    ["work.offramp", "", "project"],
    ["phone.json", '{\n  "format": "offramp-profile", "version": 2', "profile"],
    ["counts.json", '{"format": "offramp-field-counts", "version": 1', "counts"],
    ["class_to_idx.json", '{"cat": 0}', "classes"],
    ["classes.txt", "", "classes"],
    ["images", "", "data"],
    ["set.v2", "", "data"],
    ["train.parquet", "", "data"],
    ["train-images-idx3-ubyte", "", "data"],
  ])("%s", (name, beginning, kind) => {
    expect(droppedKind(name, beginning)).toBe(kind);
  });
});

describe("what was dropped together is sorted", () => {
  const file = (path: string, kind: Dropped["kind"], bytes = 1): Dropped => ({ path, kind, bytes });

  it("takes a model, a data set, a profile and a list of classes, whatever their order", () => {
    const dropped = [
      file("/p.json", "profile"),
      file("/images", "data"),
      file("/small.onnx", "model", 10),
      file("/classes.txt", "classes"),
      file("/large.onnx", "model", 20),
      file("/q.json", "profile"),
      file("/counts.json", "counts"),
    ];
    expect(sortDropped(dropped)).toEqual({
      project: undefined,
      models: ["/large.onnx", "/small.onnx"],
      data: "/images",
      classes: "/classes.txt",
      profiles: ["/p.json", "/q.json"],
      counts: "/counts.json",
      left: [],
    });
  });

  it("says what can't be taken beside another of its kind", () => {
    const { project, data, left } = sortDropped([
      file("/a.offramp", "project"),
      file("/b.offramp", "project"),
      file("/images", "data"),
      file("/labels", "data"),
    ]);
    expect([project, data]).toEqual(["/a.offramp", "/images"]);
    expect(left).toEqual([
      "One project is open at a time, so /b.offramp is not opened.",
      "Of several data sets /images is taken. Files of one data set are dropped as their folder.",
    ]);
  });
});

describe("the overlay says what a drop will do", () => {
  it("of what may be a model, a project or a data set, since while they are dragged files don't tell", () => {
    expect(dropLines([""], null)).toEqual([
      "A model or a project is opened.",
      "A data set, as a folder or a file, waits for the model that is opened next.",
    ]);
    expect(dropLines([], "net")[1]).toBe("A data set, as a folder or a file, becomes the data of net.");
  });

  it("of what is known by its type, that alone", () => {
    expect(dropLines(["application/json"], "net")).toEqual([
      "A profile is imported; a list of classes says the order of the model's; field counts are compared with calibration.",
    ]);
    expect(dropLines(["text/csv"], "net")).toEqual([
      "A data set, as a folder or a file, becomes the data of net.",
    ]);
    expect(dropLines(["", "application/json"], "net")).toHaveLength(3);
  });
});
