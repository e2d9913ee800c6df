import { useState } from "react";
import { create } from "zustand";
import { samePlainData } from "../../shared/base/plain-data.ts";
import { type Settings, type SettingsChange, settingsSchema } from "../../shared/ipc/settings.ts";
import { call } from "./call.ts";

export const useSettings = create<Settings>()(() => settingsSchema.parse({}));

/** What is remembered from earlier runs, or was changed in another window; what hasn't changed stays the very same. */
export function showSettings(settings: Settings): void {
  const before = useSettings.getState();
  const changed = Object.entries(settings).filter(
    ([key, value]) => !samePlainData(value, before[key as keyof Settings]),
  );
  useSettings.setState(Object.fromEntries(changed));
}

/** Shows and remembers, and has the other windows show it. */
export function changeSettings(change: SettingsChange): void {
  useSettings.setState(change);
  void call("settings.set", change);
}

/** What a view keeps between runs under its own key. */
export function useRemembered<Value>(key: string, fallback: Value): [Value, (value: Value) => void] {
  // The first one stays: a fallback written in place would be another value at every render.
  const [first] = useState(() => fallback);
  const value = useSettings(({ views }) => (views[key] as Value | undefined) ?? first);
  return [value, (changed) => remember(key, changed)];
}

/** The same where no view is. */
export function remember(key: string, value: unknown): void {
  changeSettings({ views: { ...useSettings.getState().views, [key]: value } });
}
