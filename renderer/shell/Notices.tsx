import { X } from "lucide-react";
import { useState } from "react";
import { noticeText } from "../../shared/presentation/words/notice-text.ts";
import { dismiss, type Notice, useNotices } from "../state/notice-store.ts";
import { useProject } from "../state/project-store.ts";
import { useSettings } from "../state/settings-store.ts";
import { Button, IconButton } from "../ui/Button.tsx";
import styles from "./Notices.module.css";

/** All notices in one stack: over the graph, whose figures are elsewhere too; without it over the side. */
export function Notices() {
  const notices = useNotices((state) => state.notices);
  const hasProject = useProject(({ project }) => project !== null);
  const hasGraph = useSettings(({ hiddenPanes }) => !hiddenPanes.includes("graph"));
  const place = !hasProject ? styles.welcome : hasGraph ? styles.graph : styles.side;
  return (
    <div className={`${styles.notices} ${place}`} data-pane aria-live="polite">
      {notices.map((notice) => (
        <Line key={notice.id} notice={notice} />
      ))}
    </div>
  );
}

function Line({ notice: { id, tone, text, action } }: { readonly notice: Notice }) {
  const [isWhole, setWhole] = useState(false);
  const { short, rest } = noticeText(text);
  return (
    <div className={`${styles.notice} ${styles[tone]}`} role={tone === "bad" ? "alert" : "status"}>
      <p>
        {short}
        {rest !== "" && <span hidden={!isWhole}>{rest}</span>}
        {rest !== "" && !isWhole && !/[.!?]$/.test(short) && "…"}
      </p>
      {rest !== "" && (
        <Button look="quiet" aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
          {isWhole ? "Less" : "Details"}
        </Button>
      )}
      {action && (
        <Button
          onClick={() => {
            dismiss(id);
            action.run();
          }}
        >
          {action.label}
        </Button>
      )}
      <IconButton label="Dismiss" onClick={() => dismiss(id)}>
        <X size={14} />
      </IconButton>
    </div>
  );
}
