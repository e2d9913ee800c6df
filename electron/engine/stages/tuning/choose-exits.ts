import { AppError } from "../../../../shared/base/errors.ts";
import { listNames } from "../../../../shared/base/plain-name.ts";
import type { CutPoint } from "../../../../shared/model/backbone.ts";
import type { ConfidenceTable } from "../../../../shared/model/confidence-table.ts";
import { outputHead, type PlanExit } from "../../../../shared/model/plan.ts";
import type { Head } from "../../heads/head.ts";
import type { CalibratedModel, Project } from "../../project/project.ts";

/** Where an exit is to stand, and the kind of head that is to stand there. */
export interface ExitChoice {
  readonly cutPoint: string;
  /** The one that the front uses there, else the most accurate, if absent. */
  readonly head?: string;
}

/** More exits than most plans use only hold each other back while they learn. */
export const defaultExitCount = 8;

/**
 * Heads that are to learn with their network, in the order of their places.
 * @param network of the project
 * @param member SHA-256 of it; the backbone's if absent
 * @param wanted places; those that the front uses most if absent, and then others evenly between them
 * @throws AppError 'usage' if there is no head at a place, or a place twice
 */
export function chooseExits(
  project: Pick<Project, "front">,
  network: CalibratedModel,
  member: string | undefined,
  wanted: readonly ExitChoice[] | undefined,
  count = defaultExitCount,
): Head[] {
  const { heads, backbone } = network;
  if (heads.length === 0)
    throw new AppError("usage", `${backbone.summary.name} has no exit heads to begin with; train them first`);
  const uses = headUses(project, member);
  const chosen = wanted ?? autoPlaces(network, uses, count).map((cutPoint) => ({ cutPoint }));
  const found = chosen.map((choice) => headAt(network, choice, uses));
  const places = found.map(({ cutPoint }) => cutPoint);
  const twice = places.find((place, at) => places.indexOf(place) !== at);
  if (twice !== undefined) throw new AppError("usage", `'${twice}' is named twice; a place has one exit`);
  const order = backbone.summary.cutPoints.map(({ tensor }) => tensor);
  return found.sort((one, other) => order.indexOf(one.cutPoint) - order.indexOf(other.cutPoint));
}

/** How many plans of the front use a head, by its place and kind. */
type HeadUses = ReadonlyMap<string, number>;

function headUses({ front }: Pick<Project, "front">, member: string | undefined): HeadUses {
  const uses = new Map<string, number>();
  for (const { exits } of front?.searches[0]?.front ?? [])
    for (const exit of exits)
      if (exit.member === member && exit.head !== outputHead)
        uses.set(headName(exit), (uses.get(headName(exit)) ?? 0) + 1);
  return uses;
}

function headName({ cutPoint, kind, head }: { cutPoint: string; kind?: string; head?: string }): string {
  return `${cutPoint}\n${kind ?? head}`;
}

/** The places that the front uses most, and others where the longest stretches are without one. */
function autoPlaces({ backbone, heads }: CalibratedModel, uses: HeadUses, count: number): string[] {
  const cuts = backbone.summary.cutPoints.filter(({ tensor }) =>
    heads.some((head) => head.cutPoint === tensor),
  );
  const usesAt = ({ tensor }: CutPoint) =>
    heads.reduce((sum, head) => sum + (head.cutPoint === tensor ? (uses.get(headName(head)) ?? 0) : 0), 0);
  const used = cuts.filter((cut) => usesAt(cut) > 0).sort((one, other) => usesAt(other) - usesAt(one));
  const taken = used.slice(0, count);
  while (taken.length < Math.min(count, cuts.length)) taken.push(loneliest(cuts, taken));
  return taken.map(({ tensor }) => tensor);
}

/** The cut point that is furthest in MACs from those that are taken and from both ends of the network. */
function loneliest(cuts: readonly CutPoint[], taken: readonly CutPoint[]): CutPoint {
  const marks = [0, 1, ...taken.map(({ macsShare }) => macsShare)];
  const distance = ({ macsShare }: CutPoint) => Math.min(...marks.map((mark) => Math.abs(mark - macsShare)));
  const free = cuts.filter((cut) => !taken.includes(cut));
  return free.reduce((best, cut) => (distance(cut) > distance(best) ? cut : best));
}

function headAt(network: CalibratedModel, { cutPoint, head: kind }: ExitChoice, uses: HeadUses): Head {
  const { backbone, heads, tables } = network;
  const here = heads.filter((head) => head.cutPoint === cutPoint);
  const wanted = here.filter((head) => kind === undefined || head.kind === kind);
  if (wanted.length === 0)
    throw new AppError(
      "usage",
      here.length === 0
        ? `${backbone.summary.name} has no exit head at '${cutPoint}'; there are some at ${listNames([...new Set(heads.map((head) => head.cutPoint))])}`
        : `the heads at '${cutPoint}' are ${listNames(here.map((head) => head.kind))}, none is ${kind}`,
    );
  const [table] = tables.calibration.values();
  const accuracy = new Map(here.map((head) => [head, accuracyOf(table, heads.indexOf(head))]));
  const rank = (head: Head) => (uses.get(headName(head)) ?? 0) + accuracy.get(head)!;
  return wanted.reduce((best, head) => (rank(head) > rank(best) ? head : best));
}

/** On the calibration split, 0-1: below one use of the front. */
function accuracyOf({ correct, samples }: ConfidenceTable, row: number): number {
  return (
    correct.subarray(row * samples, (row + 1) * samples).reduce((sum, right) => sum + right, 0) /
    (samples + 1)
  );
}

/** The exits of a plan that stand in one network. @throws AppError 'usage' if there are none */
export function exitsOfPlan(
  exits: readonly PlanExit[],
  member: string | undefined,
  name: string,
): ExitChoice[] {
  const own = exits.filter((exit) => exit.member === member && exit.head !== outputHead);
  if (own.length > 0) return own.map(({ cutPoint, head }) => ({ cutPoint, head }));
  throw new AppError(
    "usage",
    `the plan has no exits in ${name}; take another plan or network, or the exits that the front uses most`,
  );
}
