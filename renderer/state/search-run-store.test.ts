import { beforeEach, expect, test } from "vitest";
import type { FrontFile } from "../../shared/files/front-file.ts";
import type { ProjectView } from "../../shared/files/project-view.ts";
import { useProject } from "./project-store.ts";
import {
  beginSearch,
  endSearch,
  type SearchRequest,
  showFoundIn,
  showSearchesOf,
  takeProgress,
  useSearchRun,
} from "./search-run-store.ts";

const request = { target: 0, options: { algorithm: "exact" } } as unknown as SearchRequest;
const found = { exits: [], accuracy: 0.9, latencyMs: 1, feasible: true };
const progress = {
  algorithm: "exact",
  evaluations: 10,
  seconds: 1,
  hypervolume: 0.5,
  gap: 0.25,
  front: [found],
  evaluated: Float32Array.of(0.9, 1),
};
const front = {
  searches: [{ algorithm: "exact", seconds: 2, evaluations: 20, hypervolume: 0.75 }],
} as unknown as FrontFile;
const project = (revision: number, its: FrontFile | null) => ({ revision, front: its }) as ProjectView;

function show(shown: ProjectView | null): void {
  useProject.setState({ project: shown });
  showFoundIn(shown);
}

beforeEach(() => {
  show(project(3, null));
  showSearchesOf(null);
  beginSearch(request);
  takeProgress(progress);
});

const growing = () => useSearchRun.getState().fronts;

test("what grows is shown until the project that holds it is there, not just any", () => {
  expect(growing()).toEqual(new Map([["exact", [found]]]));
  expect(useSearchRun.getState().standing).toEqual({ gap: 0.25, goal: undefined });
  endSearch(5);
  show(project(4, front));
  expect(growing()).not.toBeNull();
  show(project(5, front));
  expect(growing()).toBeNull();
  expect(useSearchRun.getState().history.get("exact")).toEqual([
    { seconds: 1, evaluations: 10, hypervolume: 0.5 },
    { seconds: 2, evaluations: 20, hypervolume: 0.75 },
  ]);
});

test("a project that is there before its search has said so is shown at once", () => {
  show(project(5, front));
  expect(growing()).not.toBeNull();
  endSearch(5);
  expect(growing()).toBeNull();
});

test("a search without a result gives way to the front of the one before, and stays where there is none", () => {
  endSearch();
  expect(growing()).not.toBeNull();
  show(project(3, front));
  endSearch();
  expect(growing()).toBeNull();
});
