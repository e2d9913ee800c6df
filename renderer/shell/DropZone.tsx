import { type DragEvent, type ReactNode, useState } from "react";
import { takeDropped } from "../state/dropped-model.ts";
import { notify } from "../state/notice-store.ts";
import styles from "./DropZone.module.css";

/** Takes a model or project that is dropped anywhere on the window. */
export function DropZone({ children }: { readonly children: ReactNode }) {
  const [over, setOver] = useState(false);
  const carriesFiles = (event: DragEvent) => event.dataTransfer.types.includes("Files");
  const onDrop = (event: DragEvent) => {
    if (!carriesFiles(event)) return;
    setOver(false);
    // A panel below handled it.
    if (event.defaultPrevented) return;
    event.preventDefault();
    const [file, ...others] = event.dataTransfer.files;
    const path = file && window.offramp.dropped(file);
    if (others.length > 0) notify("Several files were dropped; the first is opened.");
    if (path) void takeDropped(path);
    else notify("What was dropped is no file; drop an .onnx model or an .offramp project.", "bad");
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way to what Open does
    <div
      className={styles.zone}
      onDragOver={(event) => {
        if (!carriesFiles(event)) return;
        setOver(!event.defaultPrevented);
        event.preventDefault();
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      }}
      onDrop={onDrop}
    >
      {children}
      {over && <div className={styles.hint}>Drop to open the model or project</div>}
    </div>
  );
}
