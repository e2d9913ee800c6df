import { create } from "@bufbuild/protobuf";
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  type FunctionProto,
  FunctionProtoSchema,
  type NodeProto,
} from "../../../../electron/engine/onnx/gen/onnx_pb.ts";
import { graph, node, opset, value } from "../../../../electron/engine/onnx/graph-builder.ts";
import { manyTimes, pick } from "../../drawing/draw.ts";
import { hostileName } from "../../drawing/hostile-values.ts";
import type { Mutator } from "../../mutator.ts";
import type { ModelSubject } from "../model-subject.ts";
import { insertBehind } from "./insert-behind.ts";

const domain = "fuzz";

function call(name: string, from: string, to: string): NodeProto {
  return Object.assign(node(name, [from], [to]), { domain });
}

function functionOf(name: string, nodes: readonly NodeProto[]): FunctionProto {
  return create(FunctionProtoSchema, {
    name,
    domain,
    input: ["x"],
    output: ["y"],
    node: [...nodes],
    opsetImport: [opset(13), opset(1, domain)],
  });
}

function addFunctions({ proto }: ModelSubject, functions: readonly FunctionProto[]): void {
  proto.opsetImport.push(opset(1, domain));
  proto.functions.push(...functions);
}

/** f0 calls f1 so many times, f1 calls f2, and so on; the last may call the first again. */
export const callFunctions: Mutator<ModelSubject> = {
  id: "call-functions",
  mutate: (subject, random) => {
    const [depth, fan] = pick(random, [
      [1, 1],
      [3, 2],
      [8, 8],
      [1, 3000],
      [3000, 1],
      [20, 3],
    ]);
    const isCircle = random() < 0.2;
    const functions = Array.from({ length: depth }, (_, level) => {
      const next = level + 1 < depth ? `f${level + 1}` : isCircle ? "f0" : undefined;
      const links = Array.from({ length: fan }, (_, at) => {
        const [from, to] = [at === 0 ? "x" : `t${at - 1}`, at === fan - 1 ? "y" : `t${at}`];
        return next ? call(next, from, to) : node("Relu", [from], [to]);
      });
      return functionOf(`f${level}`, links);
    });
    addFunctions(subject, functions);
    return insertBehind(subject.proto.graph, random, (from, to) => ({
      nodes: [call("f0", from, to)],
      initializers: [],
    }));
  },
};

/** Graphs that call functions, as defaults of attributes of functions. */
export const attributeDefaults: Mutator<ModelSubject> = {
  id: "attribute-defaults",
  mutate: (subject, random) => {
    const [depth, fan] = pick(random, [
      [1, 1],
      [2, 4],
      [7, 6],
    ]);
    const isCircle = random() < 0.3;
    const functions = Array.from({ length: depth }, (_, level) => {
      const inner = isCircle && level === 0 ? "d0" : `d${level - 1}`;
      const nodes = Array.from({ length: fan }, (_, at) =>
        level === 0 && !isCircle ? node("Relu", ["x"], [`b${at}`]) : call(inner, "x", `b${at}`),
      );
      const body = graph("default", { nodes, initializers: [] }, [], [value("b0", "float32")]);
      const choose = node("If", ["yes"], ["y"], { then_branch: body, else_branch: body });
      for (const attribute of choose.attribute)
        Object.assign(attribute, { refAttrName: "body", g: undefined });
      const yes = node("Equal", ["one", "one"], ["yes"]);
      const one = node("Constant", [], ["one"], { value_int: 1 });
      const made = functionOf(`d${level}`, [one, yes, choose]);
      made.attributeProto.push(
        create(AttributeProtoSchema, { name: "body", type: AttributeProto_AttributeType.GRAPH, g: body }),
      );
      return made;
    });
    addFunctions(subject, functions);
    return insertBehind(subject.proto.graph, random, (from, to) => ({
      nodes: [call(`d${depth - 1}`, from, to)],
      initializers: [],
    }));
  },
};

/** Functions of one name, or of hostile names, that may be called or not. */
export const manyFunctions: Mutator<ModelSubject> = {
  id: "many-functions",
  mutate: (subject, random) => {
    const name = random() < 0.5 ? "f" : hostileName(random);
    const numbered = random() < 0.5;
    const count = manyTimes(random, 5000);
    addFunctions(
      subject,
      Array.from({ length: count }, (_, at) =>
        functionOf(numbered ? `${name}${at}` : name, [node("Relu", ["x"], ["y"])]),
      ),
    );
    return true;
  },
};
