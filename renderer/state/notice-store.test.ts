import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { AppError } from "../../shared/base/errors.ts";
import { dismissOfDocument, dismissOver, notify, notifyError, useNotices } from "./notice-store.ts";

beforeEach(() => {
  vi.useFakeTimers();
  useNotices.setState({ notices: [] });
});
afterEach(() => vi.useRealTimers());

const texts = () => useNotices.getState().notices.map(({ text }) => text);

it("says once what happened once: the same text, or a later word about the same", () => {
  notify("It failed", "bad");
  notify("It failed", "bad");
  notify("The engine is started again", "bad", undefined, { about: "engine" });
  notify("The engine works again", "good", undefined, { about: "engine" });
  expect(texts()).toEqual(["It failed", "The engine works again"]);
});

it("leaves what ended with the engine to the notice about the engine", () => {
  notifyError(new AppError("engine-crashed", "the engine ended while it worked on this"));
  expect(texts()).toEqual([]);
  notifyError(new AppError("data-invalid", "no data set"));
  expect(texts()).toEqual(["no data set"]);
});

it("drops a notice once its cause has gone, and not before", () => {
  let works = false;
  notify("The engine has stopped", "bad", undefined, { isOver: () => works });
  dismissOver();
  expect(texts()).toHaveLength(1);
  works = true;
  dismissOver();
  expect(texts()).toEqual([]);
});

it("drops with a document what speaks of it, and keeps what speaks of the app", () => {
  notify("No head is trained", "bad");
  notify("The engine has stopped", "bad", undefined, { ofApp: true });
  dismissOfDocument();
  expect(texts()).toEqual(["The engine has stopped"]);
});

it("keeps errors, lets others go by themselves, what offers something later, and holds four at most", () => {
  notify("Failed", "bad");
  notify("Saved", "good");
  notify("Another plan", "info", { label: "Take it", run: () => {} });
  vi.advanceTimersByTime(6000);
  expect(texts()).toEqual(["Failed", "Another plan"]);
  vi.advanceTimersByTime(9000);
  expect(texts()).toEqual(["Failed"]);
  for (const text of ["a", "b", "c", "d"]) notify(text);
  expect(texts()).toEqual(["a", "b", "c", "d"]);
});
