import { readFile } from "node:fs/promises";
import { AppError } from "../../shared/base/errors.ts";
import { type Plan, planSchema } from "../../shared/model/plan.ts";
import { type Project, planOf } from "../engine/index.ts";

/**
 * The plan in a file, or the project's own: what was designed in the app, else what the search recommended.
 * @throws AppError 'usage' if there is neither, 'file-not-found', 'file-invalid'
 */
export async function choosePlan(
  project: Project,
  planPath: string | undefined,
  projectPath: string,
): Promise<Plan> {
  if (planPath === undefined) {
    const own = ownPlan(project);
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

function ownPlan(project: Project): Plan | undefined {
  const { design, plans } = project;
  if (!design || design.exits.length === 0) return plans[0];
  return planOf(project, { exits: design.exits, cut: design.offload?.cut });
}
