import { projectFault } from "../project-fault.ts";

/** Figures are worked out the same way each time; this is more than the last digits. */
const rounding = 1e-6;

/**
 * Compares what a file claims with what follows from the rest of the project.
 * @throws AppError 'file-invalid' naming the figure and whose it is
 */
export type CheckFigure = (what: string, of: string, claimed: number, found: number) => void;

/**
 * @param where the claims stand
 * @param basis what figures are worked out from, for people
 */
export function figureCheck(where: string, basis: string): CheckFigure {
  return (what, of, claimed, found) => {
    if (Math.abs(claimed - found) <= rounding * (1 + Math.abs(found))) return;
    throw projectFault(`${where} says that ${of} has the ${what} ${claimed}, and by ${basis} it is ${found}`);
  };
}
