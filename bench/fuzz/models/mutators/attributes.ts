import { create } from "@bufbuild/protobuf";
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
} from "../../../../electron/engine/onnx/gen/onnx_pb.ts";
import { manyTimes, pick } from "../../drawing/draw.ts";
import { hostileFloat, hostileInteger, hostileName } from "../../drawing/hostile-values.ts";
import type { Mutator } from "../../mutator.ts";
import type { ModelSubject } from "../model-subject.ts";

const { INT, INTS, FLOAT, STRING, STRINGS, TENSOR, GRAPH, UNDEFINED } = AttributeProto_AttributeType;

export const changeAttribute: Mutator<ModelSubject> = {
  id: "change-attribute",
  mutate: ({ proto: { graph } }, random) => {
    const attributes = graph.node.flatMap(({ attribute }) => attribute);
    if (attributes.length === 0) return false;
    const chosen = pick(random, attributes);
    chosen.i = hostileInteger(random);
    chosen.f = hostileFloat(random);
    if (random() < 0.8)
      chosen.ints = chosen.ints.map((value) => (random() < 0.5 ? value : hostileInteger(random)));
    else chosen.ints = Array.from({ length: manyTimes(random, 300_000) }, () => hostileInteger(random));
    return true;
  },
};

export const changeAttributeType: Mutator<ModelSubject> = {
  id: "change-attribute-type",
  mutate: ({ proto: { graph } }, random) => {
    const attributes = graph.node.flatMap(({ attribute }) => attribute);
    if (attributes.length === 0) return false;
    pick(random, attributes).type = pick(random, [
      INT,
      INTS,
      FLOAT,
      STRING,
      STRINGS,
      TENSOR,
      GRAPH,
      UNDEFINED,
    ]);
    return true;
  },
};

export const addAttribute: Mutator<ModelSubject> = {
  id: "add-attribute",
  mutate: ({ proto: { graph } }, random) => {
    const name = pick(random, [
      "axis",
      "pads",
      "group",
      "auto_pad",
      "kernel_shape",
      "training_mode",
      hostileName(random),
    ]);
    const s = new TextEncoder().encode(hostileName(random));
    pick(random, graph.node).attribute.push(
      create(AttributeProtoSchema, {
        name,
        type: pick(random, [INT, INTS, FLOAT, STRING, STRINGS]),
        i: hostileInteger(random),
        s,
        f: hostileFloat(random),
        strings: Array.from({ length: manyTimes(random, 100_000) }, () => s),
        refAttrName: random() < 0.2 ? hostileName(random) : "",
      }),
    );
    return true;
  },
};
