import { AppError } from "../../shared/base/errors.ts";
import { designedPlan } from "../../shared/model/design.ts";
import { type Plan, planSchema } from "../../shared/model/plan.ts";
import { readRegularFile } from "../disk/regular-file.ts";
import { type Project, planOf } from "../engine/index.ts";

/** A plan of hundreds of exits takes less than a megabyte. */
const longestPlan = 16 * 2 ** 20;

/**
 * The plan in a file, or the project's own: what was designed in the app, else what the search recommended.
 * @throws AppError 'usage' if there is neither, 'file-not-found', 'file-unreadable', 'file-invalid'
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
  const bytes = await readRegularFile(planPath, { maxBytes: longestPlan }).catch((cause: AppError) => {
    throw new AppError(cause.code, `${cause.message}; give a plan.json made by \`offramp search\``);
  });
  try {
    return planSchema.parse(JSON.parse(String(bytes)));
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
  if (!design || (design.exits.length === 0 && !design.chain)) return plans[0];
  return planOf(project, designedPlan(design));
}
