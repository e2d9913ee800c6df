import { create } from "@bufbuild/protobuf";
import {
  SparseTensorProtoSchema,
  StringStringEntryProtoSchema,
  TensorProto_DataLocation,
} from "../../../../electron/engine/onnx/gen/onnx_pb.ts";
import { floatTensor, intTensor } from "../../../../electron/engine/onnx/tensors.ts";
import { randomInteger } from "../../../../shared/base/random.ts";
import { between, manyTimes, pick } from "../../drawing/draw.ts";
import { hostileFloat, hostileInteger, hostileName } from "../../drawing/hostile-values.ts";
import type { Mutator } from "../../mutator.ts";
import type { ModelSubject } from "../model-subject.ts";

export const changeDims: Mutator<ModelSubject> = {
  id: "change-dims",
  mutate: ({ proto: { graph } }, random) => {
    if (graph.initializer.length === 0) return false;
    const { dims } = pick(random, graph.initializer);
    if (random() < 0.2) dims.push(...Array.from({ length: manyTimes(random, 5000) }, () => 1n));
    else if (dims.length > 0) dims[randomInteger(random, dims.length)] = hostileInteger(random);
    return true;
  },
};

export const changeType: Mutator<ModelSubject> = {
  id: "change-type",
  mutate: ({ proto: { graph } }, random) => {
    if (graph.initializer.length === 0) return false;
    pick(random, graph.initializer).dataType = pick(
      random,
      [0, 1, 2, 6, 7, 8, 9, 10, 11, 14, 16, 17, 22, 99, -1],
    );
    return true;
  },
};

export const hostileWeights: Mutator<ModelSubject> = {
  id: "hostile-weights",
  mutate: ({ proto: { graph } }, random) => {
    const floats = graph.initializer.filter(({ rawData }) => rawData.length >= 4);
    if (floats.length === 0) return false;
    const chosen = pick(random, floats);
    chosen.rawData = chosen.rawData.slice();
    const view = new DataView(chosen.rawData.buffer);
    for (let count = between(random, 1, 50); count > 0; count--)
      view.setFloat32(
        4 * randomInteger(random, Math.floor(chosen.rawData.length / 4)),
        hostileFloat(random),
        true,
      );
    return true;
  },
};

/** More, fewer, or in another field than the type asks for. */
export const wrongData: Mutator<ModelSubject> = {
  id: "wrong-data",
  mutate: ({ proto: { graph } }, random) => {
    if (graph.initializer.length === 0) return false;
    const chosen = pick(random, graph.initializer);
    const length = manyTimes(random, 200_000);
    if (random() < 0.4) chosen.rawData = new Uint8Array(length);
    else {
      chosen.rawData = new Uint8Array();
      if (random() < 0.3) chosen.int64Data = Array.from({ length }, () => hostileInteger(random));
      else if (random() < 0.5) chosen.floatData = Array.from({ length }, () => hostileFloat(random));
      else chosen.stringData = Array.from({ length }, () => new Uint8Array(2));
    }
    return true;
  },
};

export const externalData: Mutator<ModelSubject> = {
  id: "external-data",
  mutate: ({ proto: { graph }, beside }, random) => {
    if (graph.initializer.length === 0) return false;
    const chosen = pick(random, graph.initializer);
    const inside = ["weights.bin", "fifo", "out", "zero", "loop"];
    beside.set("fifo", { kind: "fifo" });
    beside.set("out", { kind: "link", target: "../canary.bin" });
    beside.set("zero", { kind: "link", target: "/dev/zero" });
    beside.set("loop", { kind: "link", target: "loop" });
    chosen.rawData = new Uint8Array();
    chosen.dataLocation = TensorProto_DataLocation.EXTERNAL;
    const location = random() < 0.5 ? pick(random, inside) : hostileName(random);
    const number = () =>
      pick(random, ["0", "-1", "1e3", "0x10", String(hostileInteger(random)), hostileName(random)]);
    const entries = { location, ...(random() < 0.5 ? { offset: number(), length: number() } : {}) };
    chosen.externalData = Object.entries(entries).map(([key, value]) =>
      create(StringStringEntryProtoSchema, { key, value }),
    );
    return true;
  },
};

/** A weight that says where its few values stand, in as large a tensor as it likes. */
export const sparseWeights: Mutator<ModelSubject> = {
  id: "sparse-weights",
  mutate: ({ proto: { graph } }, random) => {
    if (graph.initializer.length === 0) return false;
    const at = randomInteger(random, graph.initializer.length);
    const [dense] = graph.initializer.splice(at, 1);
    const count = between(random, 0, 4);
    graph.sparseInitializer.push(
      create(SparseTensorProtoSchema, {
        values: floatTensor(dense.name, new Float32Array(count)),
        indices: intTensor(
          "",
          Array.from({ length: count }, (_, index) => (random() < 0.8 ? index : 1e9)),
        ),
        dims: random() < 0.5 ? dense.dims : [hostileInteger(random), 1000n, 1000n],
      }),
    );
    return true;
  },
};

/** The image's and the scores' declared shapes and types. */
export const changeDeclared: Mutator<ModelSubject> = {
  id: "change-declared",
  mutate: ({ proto: { graph } }, random) => {
    const { type } = pick(random, [...graph.input, ...graph.output]);
    if (type?.value.case !== "tensorType") return false;
    const tensor = type.value.value;
    const dims = tensor.shape?.dim ?? [];
    const way = pick(random, ["shape", "type", "dim", "dim", "dim", "name"]);
    if (way === "shape") delete tensor.shape;
    if (way === "type") tensor.elemType = pick(random, [0, 2, 7, 8, 10, 16, 99]);
    if (way === "dim" && dims.length > 0)
      pick(random, dims).value = { case: "dimValue", value: hostileInteger(random) };
    if (way === "name" && dims.length > 0)
      pick(random, dims).value = { case: "dimParam", value: hostileName(random) };
    return true;
  },
};
