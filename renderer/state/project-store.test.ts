import { expect, test } from "vitest";
import type { ProjectView } from "../../shared/files/project-view.ts";
import { emptyDesign } from "../../shared/model/design.ts";
import { setUseCase } from "./design-store.ts";
import { isEdited, onDocument, showClosed, showOpened, showSaved, showUnsaved } from "./project-store.ts";

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
