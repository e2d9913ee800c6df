import { readFile } from "node:fs/promises";
import { type Plan, planSchema } from "../../shared/domain/plan.ts";
import { AppError } from "../../shared/errors.ts";
import type { Project } from "../engine/index.ts";

/**
 * The plan in a file, or the project's own.
 * @throws AppError 'usage' if there is neither, 'file-not-found', 'file-invalid'
 */
export async function choosePlan(
  { plans }: Project,
  planPath: string | undefined,
  projectPath: string,
): Promise<Plan> {
  if (planPath === undefined) {
    const [own] = plans;
    if (own) return own;
    throw new AppError(
      "usage",
      `${projectPath} holds no plan; make one with \`offramp search\` and give --plan`,
    );
  }
  const text = await readFile(planPath, "utf8").catch(() => {
    throw new AppError(
      "file-not-found",
      `${planPath}: can't be read; give a plan.json made by \`offramp search\``,
    );
  });
  try {
    return planSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new AppError(
      "file-invalid",
      `${planPath} is no plan of version 1; make one with \`offramp search\``,
      {},
      { cause },
    );
  }
}
