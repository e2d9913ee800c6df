import { useEffect, useState } from "react";
import { dropLines } from "../state/drop/sort-dropped.ts";
import { takeDropped } from "../state/drop/take-dropped.ts";
import { notifyError } from "../state/notice-store.ts";
import { useProject } from "../state/project-store.ts";
import styles from "./DropZone.module.css";

/** Takes what is dropped anywhere on the window, and says what it will do with it while it is dragged over. */
export function DropZone() {
  const types = useDragged();
  const project = useProject((state) => state.project?.name ?? null);
  if (types === null) return null;
  const dragged = types === "" ? [""] : types.split(",");
  return (
    <div className={styles.overlay} role="status">
      <div className={styles.says}>
        <h2>{dragged.length > 1 ? `Drop ${dragged.length} files` : "Drop"}</h2>
        {dropLines(dragged, project).map((line) => (
          <p key={line}>{line}</p>
        ))}
      </div>
    </div>
  );
}

/** Media types of the files that are over the window, with commas; null while none are. */
function useDragged(): string | null {
  const [types, setTypes] = useState<string | null>(null);
  useEffect(() => {
    const over = (event: DragEvent) => {
      const { dataTransfer } = event;
      if (!dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      setTypes([...dataTransfer.items].map(({ type }) => type).join());
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setTypes(null);
    };
    const drop = (event: DragEvent) => {
      setTypes(null);
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      void takeDropped([...event.dataTransfer.files]).catch(notifyError);
    };
    document.addEventListener("dragover", over);
    document.addEventListener("dragleave", leave);
    document.addEventListener("drop", drop);
    return () => {
      document.removeEventListener("dragover", over);
      document.removeEventListener("dragleave", leave);
      document.removeEventListener("drop", drop);
    };
  }, []);
  return types;
}
