import { expect, test } from "vitest";
import type { ProjectView } from "../../../shared/files/project-view.ts";
import { useProject } from "../project-store.ts";
import { useRunAll } from "./run-all.ts";

const project = (sha256: string) =>
  ({ heads: [], data: null, backbone: { sha256, input: {} } }) as unknown as ProjectView;

test("where a run ended is said of the project that it ended in, and of no other", () => {
  useProject.setState({ project: project("one"), stagesChanged: false });
  useRunAll.setState({ endedAt: "train" });
  useProject.setState({ stagesChanged: true });
  expect(useRunAll.getState().endedAt).toBe("train");
  useProject.setState({ project: project("another"), stagesChanged: false });
  expect(useRunAll.getState().endedAt).toBeNull();
});
