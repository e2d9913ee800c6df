import { plainName } from "../base/plain-name.ts";

/** What a network answers to some images. */
export interface Answered {
  /** Class of each image, as the data's classes are numbered now. */
  readonly labels: Int32Array<ArrayBuffer>;
  /** The place of its highest score. */
  readonly answers: Int32Array<ArrayBuffer>;
}

/** The class that stands for one of the model's scores. */
export interface PlacedClass {
  readonly name: string;
  /** Its number among the data's classes as they are numbered now; null if the data has no such class. */
  readonly label: number | null;
}

/** The data's classes in the order of the model's scores. */
export type ClassMapping = readonly PlacedClass[];

/** What the data's classes are called. */
export interface NamedClasses {
  readonly classNames: readonly string[];
  /** What the data set itself calls each: its number where something else names them. */
  readonly ownClassNames: readonly string[];
}

/** How often each place is answered to the images of a class. */
export interface ClassAnswers {
  readonly images: number;
  readonly byPlace: ReadonlyMap<number, number>;
}

/** Classes that have no image are left out. */
export type AnswerTally = ReadonlyMap<number, ClassAnswers>;

/** Counts answers by the class of the image: what an order of the classes is worth is a sum over these. */
export function tallyAnswers({ labels, answers }: Answered): AnswerTally {
  const tally = new Map<number, { images: number; byPlace: Map<number, number> }>();
  for (const [image, label] of labels.entries()) {
    const own = tally.get(label) ?? { images: 0, byPlace: new Map<number, number>() };
    own.images++;
    own.byPlace.set(answers[image], (own.byPlace.get(answers[image]) ?? 0) + 1);
    tally.set(label, own);
  }
  return tally;
}

/** The order in which the classes stand now. */
export function presentMapping(classNames: readonly string[]): ClassMapping {
  return classNames.map((name, label) => ({ name, label }));
}

/** Images that are answered right if the classes stand so. */
export function countRight(tally: AnswerTally, mapping: ClassMapping): number {
  return mapping.reduce((sum, { label }, place) => sum + rightAt(tally, label, place), 0);
}

/** Images of a class that are answered with this place. */
export function rightAt(tally: AnswerTally, label: number | null, place: number): number {
  return label === null ? 0 : (tally.get(label)?.byPlace.get(place) ?? 0);
}

/** Places where another class stands than now. */
export function countMoved(mapping: ClassMapping): number {
  return mapping.filter(({ label }, place) => label !== place).length;
}

/** Takes a class from its place and puts it at another one; those between move up. */
export function moveClass(mapping: ClassMapping, from: number, to: number): ClassMapping {
  const moved = [...mapping];
  moved.splice(to, 0, ...moved.splice(from, 1));
  return moved;
}

/** Fewer images of a class don't say which answer stands for it. */
const fewestOfClass = 3;

/** Per class the place that more than half of its images are answered with, -1 where there is none or there are fewer than three images. */
export function usualAnswers(tally: AnswerTally, classes: number): number[] {
  return Array.from({ length: classes }, (_, label) => {
    const { images = 0, byPlace } = tally.get(label) ?? {};
    if (images < fewestOfClass) return -1;
    return [...byPlace!].find(([, count]) => 2 * count > images)?.[0] ?? -1;
  });
}

/**
 * The order that the answers speak for: each class at its usual answer, unless another class has the same. Where they don't
 * say a class stays, or takes a place that is left.
 */
export function detectedMapping(tally: AnswerTally, classNames: readonly string[]): ClassMapping {
  const usual = usualAnswers(tally, classNames.length);
  const claims = new Map<number, number>();
  for (const place of usual) claims.set(place, (claims.get(place) ?? 0) + 1);
  const found = classNames.map((): number | undefined => undefined);
  const unsure = new Set<number>();
  for (const [label, place] of usual.entries())
    if (place >= 0 && claims.get(place) === 1) found[place] = label;
    else unsure.add(label);
  for (const label of unsure)
    if (found[label] === undefined) {
      found[label] = label;
      unsure.delete(label);
    }
  const left = unsure.values();
  return found.map((label) => {
    const placed = label ?? left.next().value!;
    return { name: classNames[placed], label: placed };
  });
}

/**
 * The order that a list gives, which may name classes that the data doesn't have, or name the numbers of one that has no names.
 * @param tally of the images that were tried: a class that has none may be missing from the list
 */
export function mappingOfList(
  names: readonly string[],
  { classNames, ownClassNames }: NamedClasses,
  tally: AnswerTally,
): ClassMapping | { readonly fault: string } {
  const classes = classNames.length;
  if (names.length !== classes)
    return { fault: `lists ${names.length} classes, expected the ${classes} of the model` };
  const places = new Map(names.map((name, place) => [name, place]));
  const numbered = ownClassNames.every((name) => !places.has(name) && Number(name) < classes);
  const placeOf = (label: number) =>
    places.get(classNames[label]) ??
    places.get(ownClassNames[label]) ??
    (numbered ? Number(ownClassNames[label]) : undefined);
  const labels = new Array<number | null>(classes).fill(null);
  for (const label of classNames.keys()) {
    const place = placeOf(label);
    if (place !== undefined) labels[place] = label;
    else if (tally.has(label))
      return { fault: `doesn't name the data's class "${plainName(classNames[label])}"` };
  }
  return names.map((name, place) => ({ name, label: labels[place] }));
}

/** The order of these names, which are those of the data's classes. */
export function mappingOfNames(names: readonly string[], classNames: readonly string[]): ClassMapping {
  const labels = new Map(classNames.map((name, label) => [name, label]));
  return names.map((name) => ({ name, label: labels.get(name) ?? null }));
}

/**
 * The names by which a data set is told to number its classes so. Where it has numbers alone that something else names, these
 * names say no more than which is which, so the numbers themselves are put in order.
 */
export function namesInOrder(
  mapping: ClassMapping,
  { ownClassNames }: Pick<NamedClasses, "ownClassNames">,
): string[] {
  const own = mapping.map(({ name, label }) => (label === null ? name : ownClassNames[label]));
  const keepsNumbers = mapping.every(({ label }, place) => label === null || own[place] === String(place));
  return keepsNumbers ? mapping.map(({ name }) => name) : own;
}

/** The next class whose name begins with what is typed, else the place of that number; -1 if there is neither. */
export function findTyped(mapping: ClassMapping, typed: string, from: number): number {
  const wanted = typed.toLowerCase();
  const count = mapping.length;
  for (let step = 0; step < count; step++) {
    const place = (from + step) % count;
    if (mapping[place].name.toLowerCase().startsWith(wanted)) return place;
  }
  return /^\d+$/.test(typed) && Number(typed) < count ? Number(typed) : -1;
}
