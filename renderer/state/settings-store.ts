import { useState } from "react";
import { create } from "zustand";
import { type Settings, settingsSchema } from "../../shared/ipc/settings.ts";
import { call } from "./call.ts";

export const useSettings = create<Settings>()(() => settingsSchema.parse({}));

/** What is remembered from earlier runs. */
export function showSettings(settings: Settings): void {
  useSettings.setState(settings);
}

/** Shows and remembers. */
export function changeSettings(change: Partial<Settings>): void {
  useSettings.setState(change);
  const { theme, hiddenPanes, views, hasSeenTour, fleet } = useSettings.getState();
  void call("settings.set", { theme, hiddenPanes, views, hasSeenTour, fleet });
}

/** What a view keeps between runs under its own key. */
export function useRemembered<Value>(key: string, fallback: Value): [Value, (value: Value) => void] {
  // The first one stays: a fallback written in place would be another value at every render.
  const [first] = useState(() => fallback);
  const value = useSettings(({ views }) => (views[key] as Value | undefined) ?? first);
  return [value, (changed) => changeSettings({ views: { ...useSettings.getState().views, [key]: changed } })];
}
