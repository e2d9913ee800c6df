import { app, type Session, type WebContents } from "electron";
import { appScheme, isAppUrl } from "./app-protocol.ts";

/** Refuses whatever the page asks of its session beyond its own files. */
export function lockSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.on("will-download", (event) => event.preventDefault());
  const own = new Set([`${appScheme}:`, "blob:", "data:", ...(app.isPackaged ? [] : ["devtools:"])]);
  session.webRequest.onBeforeRequest(({ url }, answer) => {
    answer({ cancel: !own.has(new URL(url).protocol) });
  });
}

/** No page navigates elsewhere, opens another, or embeds a guest. */
export function lockContents(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: "deny" }));
  contents.on("will-navigate", (event) => {
    if (!isAppUrl(event.url)) event.preventDefault();
  });
  contents.on("will-redirect", (event) => event.preventDefault());
  contents.on("will-attach-webview", (event) => event.preventDefault());
}
