import { farBetter } from "./far-better.ts";

/** An order of a network's classes under which it would be right far more often. */
export interface RenamedClasses {
  /** Share of right answers with each class called by its other name (0-1). */
  readonly accuracy: number;
  /** Per class of the data, the number that the network gives it. */
  readonly places: readonly number[];
}

/**
 * Finds out whether a network tells the data's classes apart and numbers them otherwise: whether what it mostly answers to a
 * class is another class each time. Names are learnt from every other image and tried on the rest, so that chance gains nothing.
 * @param answers the class that it answers to each image
 * @param labels the right ones
 * @returns undefined if it numbers them alike, tells them apart no better than now, or there are fewer than 60 images
 */
export function renamedClasses(
  answers: readonly number[],
  labels: readonly number[],
  classes: number,
): RenamedClasses | undefined {
  const places = usualAnswers(answers, labels, classes);
  const isOrder = new Set(places).size === classes;
  if (!isOrder || places.every((place, label) => place === label)) return undefined;
  const tried = answers.map((_, at) => at).filter(isTried);
  const rightUnder = (numberOf: (label: number) => number) =>
    Uint8Array.from(tried, (at) => (answers[at] === numberOf(labels[at]) ? 1 : 0));
  const trial = { what: "", remedy: "", changes: 1, right: rightUnder((label) => places[label]) };
  const [better] = farBetter(
    rightUnder((label) => label),
    [trial],
  );
  return better && { accuracy: better.accuracy, places };
}

function isTried(image: number): boolean {
  return image % 2 === 1;
}

/** What the network mostly answers to each class, of the images that aren't tried; a class without images keeps its number. */
function usualAnswers(answers: readonly number[], labels: readonly number[], classes: number): number[] {
  const counts = Array.from({ length: classes }, () => new Float64Array(classes));
  for (const [at, answer] of answers.entries()) if (!isTried(at)) counts[labels[at]][answer]++;
  return counts.map((row, label) => {
    const most = Math.max(...row);
    return most === 0 || row[label] === most ? label : row.indexOf(most);
  });
}
