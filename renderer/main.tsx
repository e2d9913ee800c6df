import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "./styles/global.css";
import { App } from "./app/App.tsx";
import { start } from "./app/start.ts";
import { notifyError } from "./stores/notice-store.ts";

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
start().catch(notifyError);
