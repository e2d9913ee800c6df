import { describe, it } from "vitest";
import { z } from "zod";
import { seededRandom } from "../../../shared/base/random.ts";
import { schemaFields } from "../../../shared/model/schema-fields.ts";
import type { HeadKind } from "../heads/head-kind.ts";
import { headKinds } from "../heads/index.ts";
import { featureInputs } from "../heads/pooling.ts";
import { type Layer, standardiseLayer } from "./layers.ts";
import { checkGradients } from "./testing/check-gradients.ts";

const shape = { channels: 2, height: 4, width: 4, classes: 3 };

/** Few units, whatever a kind calls them: among many some ReLU always has its kink within the step of a difference. */
function smallSizes(kind: HeadKind, size: number, isOn: boolean): Record<string, unknown> {
  const fields = schemaFields(z.toJSONSchema(kind.options, { io: "input" }));
  const small = { integer: size, boolean: isOn } as Readonly<Record<string, unknown>>;
  return kind.options.parse(
    Object.fromEntries(fields.flatMap(({ key, type }) => (type in small ? [[key, small[type]]] : []))),
  );
}

/** In front of what first reads flat features, as heads are trained. */
function standardised(layers: readonly Layer[], width: number): Layer[] {
  const random = seededRandom(3);
  const mean = Float32Array.from({ length: width }, () => random() - 0.5);
  const scale = Float32Array.from({ length: width }, () => 0.5 + random());
  const at = layers.findIndex(({ absorb }) => absorb);
  return [...layers.slice(0, at), standardiseLayer("standardise", { mean, scale }), ...layers.slice(at)];
}

describe.each(headKinds)("gradients of $id", (kind) => {
  it.each([
    ["with switches off", 4, false],
    ["with switches on, of fewer units", 3, true],
  ])("agree with central finite differences %s", async (_what, size, isOn) => {
    const options = smallSizes(kind, size, isOn);
    const features = featureInputs(kind.pooling(options), shape);
    const [{ dims }] = features;
    const own = kind.layers(shape, options);
    await checkGradients(dims.length === 1 ? standardised(own, dims[0]) : own, features);
  });
});
