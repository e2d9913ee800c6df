import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { planFile } from "../../../../shared/files/plan-file.ts";
import type { ExportFormat } from "../../export/export-format.ts";
import { exportPlan } from "../export-stage.ts";
import { trainColours } from "./colour-project.ts";
import { blindToBlue } from "./test-colour-network.ts";

/** For tests: a trained project whose member reads images of another size or scale, and an exported plan of the member alone. */
export async function colourChain(side: number, preprocess: object, format: ExportFormat) {
  const { folder, project, data } = await trainColours({ ...blindToBlue, side }, preprocess);
  onTestFinished(() => data.source.close());
  const chain = [project.members[0].backbone.summary.sha256];
  const plan = planFile(project.backbone.summary.sha256, { exits: [], chain });
  const out = join(folder, "out");
  await mkdir(out);
  await exportPlan(project, plan, [format], out);
  return { project, data, plan, file: join(out, format.target) };
}
