import { between, manyTimes, pick } from "../../drawing/draw.ts";
import { onField } from "../on-field.ts";
import { joinBytes, lengthDelimited, varint, wireKey, wireMessage } from "../wire-fields.ts";

export const wrongWireType = onField("wrong-wire-type", ({ number, type, bytes }, random) => {
  const other = pick(
    random,
    [0, 1, 2, 5].filter((each) => each !== type),
  );
  if (other === lengthDelimited) return wireMessage(number, bytes);
  const value = other === 0 ? varint(between(random, 0, 300)) : new Uint8Array(other === 1 ? 8 : 4);
  return joinBytes([wireKey(number, other), value]);
});

export const unknownField = onField("unknown-field", ({ bytes }, random) =>
  joinBytes([
    bytes,
    wireMessage(pick(random, [15, 99, 19_000, 2 ** 29 - 1]), new Uint8Array(manyTimes(random, 1e5))),
  ]),
);

export const dropField = onField("drop-field", () => new Uint8Array());

export const swapNumber = onField("swap-number", ({ bytes, type, number, valueStart }, random) => {
  const other = number === 1 ? 2 : pick(random, [1, number - 1, number + 1]);
  const length = type === lengthDelimited ? varint(bytes.length - valueStart) : new Uint8Array();
  return joinBytes([wireKey(other, type), length, bytes.subarray(valueStart)]);
});
