import { expect, test } from "vitest";
import { seededRandom } from "../../../../../shared/base/random.ts";
import { node } from "../../../onnx/graph-builder.ts";
import { layerName, PythonNames, weightName } from "./python-names.ts";

const called = (name: string, operator: string) => ({ ...node(operator, ["x"], ["t7"]), name });

test("a layer is called after its weight, else by the path that an exporter wrote, else by its operator", () => {
  const conv = called("/layer1/layer1.0/conv1/Conv", "Conv");
  expect(layerName(conv, "layer1.0.conv1.weight")).toBe("layer1.0.conv1");
  expect(layerName(conv, "onnx::Conv_193")).toBe("layer1.0.conv1");
  expect(layerName(called("", "Conv"), "193")).toBe("conv_t7");
  expect(layerName(called("Conv_12", "Conv"), "193")).toBe("conv_12");
  // TensorFlow's.
  expect(layerName(called("", "Conv"), "block1/conv/kernel:0")).toBe("block1/conv");
});

test("an operator without weights is called after its module, and by itself where that is another", () => {
  expect(layerName(called("/features/features.0/Relu", "Relu"))).toBe("features.0.relu");
  expect(layerName(called("/layer1/layer1.0/relu_1/Relu", "Relu"))).toBe("layer1.0.relu_1");
  expect(layerName(called("/maxpool/MaxPool", "MaxPool"))).toBe("maxpool");
  expect(layerName(called("/Add_3", "Add"))).toBe("add_3");
  expect(layerName(called("Sub/exit_2/mix/difference", "Sub"))).toBe("exit_2.mix.difference");
});

test("a tensor that no layer holds keeps its name, unless an exporter made it up", () => {
  const add = called("/encoder/Add", "Add");
  expect(weightName(add, "encoder.pos_embedding")).toBe("encoder.pos_embedding");
  expect(weightName(add, "onnx::Add_17")).toBe("encoder.add.constant");
  expect(weightName(add, "/encoder/Constant_4_output_0")).toBe("encoder.add.constant");
});

test("names become identifiers, each given out once", () => {
  const names = new PythonNames();
  expect(
    ["layer1.0.conv1", "layer1/0/conv1", "class", "0", "größe", "", "x", "forward"].map((name) =>
      names.unique(name),
    ),
  ).toEqual([
    "layer1_0_conv1",
    "layer1_0_conv1_2",
    "class_2",
    "layer_0",
    "gr_e",
    "layer_",
    "x_2",
    "forward_2",
  ]);
  expect(names.unique(`encoder.${"a.very.long.path.".repeat(9)}conv`)).toBe(
    "a_very_long_path_a_very_long_path_a_very_long_path_conv",
  );
});

test("any text becomes a new identifier of Python, the same each time", () => {
  const random = seededRandom(11);
  const pieces = [
    '"',
    "'",
    "\\",
    "\n",
    "\r",
    "\0",
    "#",
    "(",
    ")",
    ":",
    ";",
    "日",
    "\ud800",
    "\u2028",
    "_",
    "a",
    "Z",
    "9",
    ".",
    "/",
    " ",
    "self",
    "def",
    "import os",
  ];
  const texts = Array.from({ length: 3000 }, () =>
    Array.from(
      { length: Math.floor(random() * 12) },
      () => pieces[Math.floor(random() * pieces.length)],
    ).join(""),
  );
  const given = () => {
    const names = new PythonNames();
    return texts.map((text) => names.unique(text));
  };
  const names = given();
  expect(names.every((name) => /^[A-Za-z][A-Za-z0-9_]{0,69}$/.test(name))).toBe(true);
  expect(new Set(names).size).toBe(texts.length);
  expect(given()).toEqual(names);
});

test("a hundred thousand tensors of one name are told apart without looking at each other", () => {
  const names = new PythonNames();
  for (let count = 1; count < 100_000; count++) names.unique("a");
  expect(names.unique("a")).toBe("a_100000");
});
