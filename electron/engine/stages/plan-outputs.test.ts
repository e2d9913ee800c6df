import { expect, test } from "vitest";
import { plainColumns } from "../../../shared/memory/exit-outputs.ts";
import { tableRow } from "../calibrate/confidence-table.ts";
import { planOutputs } from "./plan-outputs.ts";
import { colourPlan, colourProject } from "./testing/colour-project.ts";

test("a plan's exits in several networks say what the networks' tables have", async () => {
  const { context, project, data } = await colourProject();
  const outputs = await planOutputs(context, project, data, colourPlan(project), "test");
  await data.source.close();

  const [own, backbones] = [project.members[0], project].map(({ tables }) => tables.test.get("top1")!);
  expect(outputs.labels).toEqual(backbones.labels);
  const rows = [
    tableRow(own, own.exits - 1),
    tableRow(own, own.exits),
    tableRow(backbones, backbones.exits - 1),
    tableRow(backbones, backbones.exits),
  ];
  const columns = plainColumns(outputs);
  expect(columns).toHaveLength(4);
  for (const [index, { confidence, predicted, correct }] of columns.entries()) {
    expect(predicted).toEqual(rows[index].predicted);
    expect(correct).toEqual(rows[index].correct);
    confidence.forEach((value, sample) => {
      expect(value).toBeCloseTo(rows[index].confidence[sample], 5);
    });
  }
});
