import { type Statement, statementLine } from "../../model/statement.ts";
import { agreements, figureText, type Verified, verifiedRows } from "./verified-figures.ts";

/** A verification and what is said of it as text, for a message or a notebook. */
export function verifiedText(statements: readonly Statement[], verified: Verified): string {
  const rows = verifiedRows(verified).map(({ title, ...row }) => {
    const figures = (["predicted", "measured", "backbone"] as const).flatMap((from) =>
      row[from] ? [`${from} ${figureText(row[from])}`] : [],
    );
    return `${title}: ${figures.join(", ")}`;
  });
  const agreement = agreements(verified).map(({ name, value }) => `${name}: ${value}`);
  return [...statements.map(statementLine), ...rows, ...agreement].join("\n");
}
