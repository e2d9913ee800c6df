import { manyTimes } from "../../drawing/draw.ts";
import { onField } from "../on-field.ts";
import { joinBytes, wireKey, wireMessage } from "../wire-fields.ts";

export const group = onField("group", ({ number, bytes }, random) => {
  const depth = manyTimes(random, 20_000);
  const start = joinBytes(Array.from({ length: depth }, () => wireKey(number, 3)));
  const end = joinBytes(Array.from({ length: depth }, () => wireKey(number, 4)));
  return joinBytes([start, bytes, end]);
});

export const nest = onField("nest", ({ number, bytes }, random) => {
  let inner = bytes;
  for (let depth = manyTimes(random, 3000); depth > 0; depth--) inner = wireMessage(number, inner);
  return inner;
});

export const repeatField = onField("repeat-field", ({ bytes }, random) => {
  const most = Math.max(1, Math.floor(2e7 / bytes.length));
  return joinBytes(Array.from({ length: manyTimes(random, Math.min(3_000_000, most)) }, () => bytes));
});
