import type { Plan } from "../../../shared/domain/plan.ts";
import { assembleDesign } from "../export/design.ts";
import type { ExportFormat } from "../export/export-format.ts";
import type { Project } from "../project/project.ts";

/**
 * Writes a plan in some formats into a folder.
 * @throws AppError 'file-invalid' if the plan doesn't fit the project
 */
export async function exportPlan(
  { backbone, heads, temperatures }: Project,
  plan: Plan,
  formats: readonly ExportFormat[],
  folder: string,
): Promise<void> {
  const calibrated = heads.map((head, index) => ({ head, temperature: temperatures[index] }));
  const design = assembleDesign(backbone, calibrated, temperatures[heads.length], plan);
  for (const format of formats) await format.write(design, folder);
}
