import { manyTimes, pick } from "../../drawing/draw.ts";
import { onField } from "../on-field.ts";
import { joinBytes, lengthDelimited, varint, wireKey, wireMessage } from "../wire-fields.ts";

export const stretchVarint = onField("stretch-varint", (field) => {
  if (field.type !== 0) return field.bytes;
  const value = [...field.bytes.subarray(field.valueStart)];
  const last = value.length - 1;
  value[last] |= 0x80;
  while (value.length < 9) value.push(0x80);
  return joinBytes([wireKey(field.number, 0), Uint8Array.from([...value, 0])]);
});

export const hugeVarint = onField("huge-varint", ({ number }) =>
  joinBytes([wireKey(number, 0), Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 255, 255, 1)]),
);

export const packedNumbers = onField("packed-numbers", ({ number }, random) =>
  wireMessage(number, new Uint8Array(manyTimes(random, 4e7)).fill(pick(random, [0, 1, 127]))),
);

export const wrongLength = onField("wrong-length", ({ number, bytes, valueStart }, random) =>
  joinBytes([
    wireKey(number, lengthDelimited),
    varint(pick(random, [0, 1, 2 ** 31 - 1, 2 ** 32, 2 ** 53])),
    bytes.subarray(valueStart),
  ]),
);
