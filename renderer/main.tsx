import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "./ui/global.css";
import { App } from "./shell/App.tsx";
import { start } from "./shell/start.ts";
import { notifyError } from "./state/notice-store.ts";

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
start().catch(notifyError);
