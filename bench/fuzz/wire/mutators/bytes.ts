import { randomInteger } from "../../../../shared/base/random.ts";
import { between } from "../../drawing/draw.ts";
import type { Mutator } from "../../mutator.ts";
import { joinBytes } from "../wire-fields.ts";
import type { WireSubject } from "../wire-subject.ts";

export const flipBytes: Mutator<WireSubject> = {
  id: "flip-bytes",
  mutate: (subject, random) => {
    if (subject.bytes.length === 0) return false;
    subject.bytes = subject.bytes.slice();
    for (let count = between(random, 1, 8); count > 0; count--)
      subject.bytes[randomInteger(random, subject.bytes.length)] ^= 1 << randomInteger(random, 8);
    return true;
  },
};

export const truncate: Mutator<WireSubject> = {
  id: "truncate",
  mutate: (subject, random) => {
    if (subject.bytes.length === 0) return false;
    subject.bytes = subject.bytes.slice(0, randomInteger(random, subject.bytes.length));
    return true;
  },
};

export const splice: Mutator<WireSubject> = {
  id: "splice",
  mutate: (subject, random) => {
    const { bytes } = subject;
    if (bytes.length < 2) return false;
    const [from, to] = [randomInteger(random, bytes.length), randomInteger(random, bytes.length)];
    const piece = bytes.subarray(from, from + between(random, 1, 200));
    subject.bytes = joinBytes([bytes.subarray(0, to), piece, bytes.subarray(to)]);
    return true;
  },
};
