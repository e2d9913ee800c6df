import { create } from "zustand";
import type { Response } from "../../shared/ipc/channels.ts";
import { call } from "./call.ts";

/** What the main process says about this app and this start. */
export type AppInfo = Response<"app.info">;

export const useAppInfo = create<Partial<AppInfo>>()(() => ({}));

/** @returns what it says at the start */
export async function learnAppInfo(): Promise<AppInfo> {
  const info = await call("app.info", {});
  useAppInfo.setState(info);
  return info;
}

/** Files were opened or saved, in whichever window. */
export function showRecentFiles(recent: AppInfo["recent"]): void {
  useAppInfo.setState({ recent });
}

/** Whether they are still there may have changed. */
export async function learnRecentFiles(): Promise<void> {
  const { recent } = await call("app.info", {});
  useAppInfo.setState({ recent });
}

/** Work that was not saved has been recovered or given up. */
export function forgetRecovery(): void {
  useAppInfo.setState({ recovery: null });
}

export async function clearRecentFiles(): Promise<void> {
  await call("recent.clear", {});
}
