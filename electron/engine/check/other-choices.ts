import { listNames } from "../../../shared/base/plain-name.ts";
import type { BackboneInput } from "../../../shared/model/backbone.ts";
import {
  type Answered,
  mappingOfNames,
  namesInOrder,
  tallyAnswers,
  usualAnswers,
} from "../../../shared/model/class-mapping.ts";
import {
  findRangeFault,
  type Preprocess,
  preprocessPresets,
  samePreprocess,
} from "../../../shared/model/preprocess.ts";
import { byCodePoint, byNumber } from "../dataset/classes/sort-names.ts";
import type { DatasetSource } from "../dataset/dataset-source.ts";
import { presentClasses } from "../dataset/splits/splits.ts";
import { arePixels, byteMapping, mentionsBytes, type ValueRange } from "../dataset/splits/value-range.ts";

const imagenet = preprocessPresets.find(({ id }) => id === "imagenet")!;

/** As Caffe's networks were trained, and Keras' VGG and ResNet after them. */
const caffe = {
  scale: 1,
  mean: [103.939, 116.779, 123.68],
  standardDeviation: [1],
  channels: "bgr" as const,
};

/** A difference in words, and how it is chosen at a terminal. */
interface Change {
  readonly what: string;
  readonly remedy: string;
}

export interface OtherPreprocessing extends Change {
  /** How many things are different. */
  readonly changes: number;
  readonly preprocess: Preprocess;
}

/** Another order of the same classes. */
export interface OtherOrder extends Change {
  readonly classNames: readonly string[];
  /** Per class as it is numbered now, its number then. */
  readonly places: readonly number[];
}

/**
 * Other preprocessings that people mix up: scaled to 0 to 1, to -1 to 1 or left at 0 to 255, with mean and deviation
 * or without or ImageNet's or Caffe's, colours as RGB or BGR. Each gives inputs that differ from the present ones and from the
 * others'.
 * @param range of the values as they are stored; undefined for bytes
 * @param isColoured whether the images have three channels
 */
export function otherPreprocessings(
  preprocess: Preprocess,
  input: BackboneInput,
  range: ValueRange | undefined,
  isColoured: boolean,
): OtherPreprocessing[] {
  const scales =
    input.type === "uint8" || (range && !arePixels(range)) ? [] : otherScales(preprocess, input, range);
  const swap = swappedColours(preprocess, input, isColoured);
  const present = { what: "", preprocess, changes: 0 };
  const all = [present, ...scales].flatMap((scaled) => {
    if (!swap || scaled.preprocess.channels !== preprocess.channels) return [scaled];
    const swapped = {
      what: [scaled.what, swap.what].filter(Boolean).join(" and "),
      preprocess: { ...scaled.preprocess, channels: swap.channels },
      changes: scaled.changes + 1,
    };
    return [scaled, swapped];
  });
  return all
    .filter(({ changes }) => changes > 0)
    .map((other) => ({ ...other, remedy: remedyOf(preprocess, other.preprocess) }));
}

function otherScales(
  preprocess: Preprocess,
  { channels }: BackboneInput,
  range: ValueRange | undefined,
): { what: string; preprocess: Preprocess; changes: number }[] {
  const plain = { mean: [0], standardDeviation: [1] };
  const bytes = range && byteMapping(range);
  const wide = bytes ? { scale: bytes.factor, mean: [0 - bytes.offset] } : { scale: 1, mean: [0] };
  const candidates = [
    { what: "pixels scaled to 0 to 1", preprocess: { ...preprocess, ...plain, scale: 1 / 255 } },
    {
      what: "pixels scaled to 0 to 1, the same mean and deviation",
      preprocess: { ...preprocess, scale: 1 / 255 },
    },
    {
      what: "pixels scaled to -1 to 1",
      preprocess: { ...preprocess, scale: 1 / 255, mean: [0.5], standardDeviation: [0.5] },
    },
    { what: "pixels left at 0 to 255", preprocess: { ...preprocess, ...plain, ...wide } },
  ];
  const { mean, standardDeviation } = imagenet.preprocess;
  if (channels === mean.length) {
    candidates.push({
      what: "ImageNet's mean and deviation",
      preprocess: { ...preprocess, scale: 1 / 255, mean, standardDeviation },
    });
    candidates.push({ what: "Caffe's mean, channels as BGR", preprocess: { ...preprocess, ...caffe } });
  }
  const seen = new Set([effect(preprocess, range)]);
  return candidates.flatMap((candidate) => {
    const own = effect(candidate.preprocess, range);
    if (seen.has(own) || findRangeFault(candidate.preprocess)) return [];
    seen.add(own);
    return [{ ...candidate, changes: 1 }];
  });
}

/** What a stored value is multiplied by and shifted by per channel, to the digits that matter. */
function effect(preprocess: Preprocess, range: ValueRange | undefined): string {
  const { scale, mean, standardDeviation } = preprocess;
  const { factor, offset } = (range && mentionsBytes(preprocess) && byteMapping(range)) || {
    factor: 1,
    offset: 0,
  };
  const of = (values: readonly number[], channel: number) => values[Math.min(channel, values.length - 1)];
  return Array.from({ length: 3 }, (_, channel) => {
    const deviation = of(standardDeviation, channel);
    const numbers = [(factor * scale) / deviation, (of(mean, channel) - offset * scale) / deviation];
    return numbers.map((number) => number.toPrecision(6)).join();
  }).join(";");
}

function swappedColours(
  { channels }: Preprocess,
  input: BackboneInput,
  isColoured: boolean,
): { what: string; channels: "rgb" | "bgr" } | undefined {
  if (channels === "grey" || input.channels !== 3 || !isColoured) return undefined;
  return channels === "rgb"
    ? { what: "channels as BGR", channels: "bgr" }
    : { what: "channels as RGB", channels: "rgb" };
}

/** A preset's name where it is one, else the fields to write into the preprocessing's JSON. */
function remedyOf(present: Preprocess, other: Preprocess): string {
  const preset = preprocessPresets.find((candidate) => samePreprocess(candidate.preprocess, other));
  if (preset) return `--preprocess ${preset.id}`;
  const fields = (["scale", "mean", "standardDeviation", "channels"] as const)
    .filter((field) => JSON.stringify(present[field]) !== JSON.stringify(other[field]))
    .map((field) => `"${field}": ${JSON.stringify(other[field])}`);
  return `set ${fields.join(", ")} in the preprocessing's JSON file`;
}

/**
 * Other orders in which a training may have numbered the same classes: by name, as torchvision and Keras sort folders,
 * by the numbers in the names, and of two classes the other one. None where the data holds images of some of the model's classes only, for then a
 * person has said which they are.
 */
export function otherOrders(source: DatasetSource): OtherOrder[] {
  const { classNames } = source;
  if (presentClasses(source).size < classNames.length) return [];
  const seen = new Set([JSON.stringify(classNames)]);
  const sorted = [
    { what: "classes sorted by name", classNames: [...classNames].sort(byCodePoint) },
    { what: "classes sorted by number", classNames: [...classNames].sort(byNumber) },
    ...(classNames.length === 2
      ? [{ what: "the two classes exchanged", classNames: [...classNames].reverse() }]
      : []),
  ];
  return sorted.flatMap(({ what, classNames: names }) => {
    const own = JSON.stringify(names);
    if (seen.has(own)) return [];
    seen.add(own);
    return [otherOrder(what, source, names)];
  });
}

/**
 * The order that the backbone's own answers speak for: every class is the one that more than half of its images are answered
 * with, and no two are the same. Nothing where that is the present order, or the answers don't say.
 * @param answered some images; whoever judges the order takes other ones
 */
export function answeredOrder(source: DatasetSource, answered: Answered): OtherOrder | undefined {
  const { classNames } = source;
  const places = usualAnswers(tallyAnswers(answered), classNames.length);
  const isOrder = !places.includes(-1) && new Set(places).size === classNames.length;
  if (!isOrder || places.every((place, label) => place === label)) return undefined;
  const names = [...classNames];
  for (const [label, place] of places.entries()) names[place] = classNames[label];
  return otherOrder("classes in the order that it answers them", source, names);
}

function otherOrder(what: string, { classNames, own }: DatasetSource, names: readonly string[]): OtherOrder {
  const places = new Map(names.map((name, place) => [name, place]));
  const ownClassNames = own?.names ?? classNames;
  const told = namesInOrder(mappingOfNames(names, classNames), { ownClassNames });
  return {
    what: `${what} (${listNames(names)})`,
    remedy: `--classes with a file that lists ${listNames(told)}, one a line`,
    classNames: names,
    places: classNames.map((name) => places.get(name)!),
  };
}
