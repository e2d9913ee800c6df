import { create } from "zustand";
import type { Response } from "../../shared/ipc/channels.ts";

/** What the main process says about this app and this start. */
export type AppInfo = Response<"app.info">;

export const useAppInfo = create<Partial<AppInfo>>()(() => ({}));
