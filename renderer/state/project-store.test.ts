import { expect, test } from "vitest";
import type { ProjectView } from "../../shared/files/project-view.ts";
import { emptyDesign } from "../../shared/model/design.ts";
import { history, pin, setUseCase, takePlan, useDesign } from "./design-store.ts";
import {
  isEdited,
  onDocument,
  showChanged,
  showClosed,
  showOpened,
  showSaved,
  showUnsaved,
  useProject,
} from "./project-store.ts";
import { bothTables, showTwoNetworks, twoNetworks } from "./testing/two-networks.ts";

const project = (name: string) =>
  ({
    name,
    backbone: { sha256: "s" },
    heads: [],
    members: [],
    policies: [],
    samples: 0,
    plans: [],
    front: null,
  }) as unknown as ProjectView;

test("what is said of a document is said anew of another one, though it be of the same model, and not of changes", async () => {
  const told: (string | undefined)[] = [];
  onDocument((opened) => told.push(opened?.name));
  await showOpened({ project: project("one"), design: null });
  showUnsaved();
  showSaved("/one.offramp", "renamed", emptyDesign);
  await showOpened({ project: project("two"), design: null });
  showClosed();
  expect(told).toEqual(["one", "two", undefined]);
});

test("a document is edited once a stage or the person has changed it, until it is saved", async () => {
  await showOpened({ project: project("one"), design: { ...emptyDesign, exits: [] } });
  expect(isEdited()).toBe(false);
  setUseCase({ maxDropPp: 1 });
  expect(isEdited()).toBe(true);
  setUseCase({ maxDropPp: emptyDesign.useCase.maxDropPp });
  expect(isEdited()).toBe(false);
  showUnsaved();
  expect(isEdited()).toBe(true);
  showSaved("/one.offramp", "one", emptyDesign);
  expect(isEdited()).toBe(false);
});

test("a network that is gone takes its tables and the plans through it along, and no step leads back to them", async () => {
  showTwoNetworks();
  const half = { cutPoint: "half", head: "linear", policy: "top1", threshold: 0.5 };
  pin({ exits: [half] });
  pin({ exits: [], chain: ["small"] });
  takePlan({ exits: [half], chain: ["small", "big"] });
  await showChanged({ ...twoNetworks, members: [] });
  expect(useProject.getState().memberTables.size).toBe(0);
  expect(useProject.getState().tables).toBe(bothTables.tables);
  const { exits, chain, pinned } = useDesign.getState();
  expect([exits, chain]).toEqual([[], undefined]);
  expect(pinned).toEqual([{ name: "plan 1", exits: [half] }]);
  expect(history().pastStates).toEqual([]);
});

test("a network that comes in leaves plans and steps as they are", async () => {
  showTwoNetworks({ ...twoNetworks, members: [] });
  useProject.setState({ memberTables: bothTables.memberTables });
  takePlan({ exits: [] });
  setUseCase({ maxDropPp: 2 });
  const design = useDesign.getState();
  await showChanged(twoNetworks);
  expect(useDesign.getState()).toBe(design);
  expect(history().pastStates.length).toBeGreaterThan(0);
});
