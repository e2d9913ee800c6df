import { X } from "lucide-react";
import { dismiss, useNotices } from "../state/notice-store.ts";
import { Button, IconButton } from "../ui/Button.tsx";
import styles from "./Notices.module.css";

export function Notices() {
  const notices = useNotices((state) => state.notices);
  return (
    <div className={styles.notices} data-pane aria-live="polite">
      {notices.map(({ id, tone, text, action }) => (
        <div
          key={id}
          className={`${styles.notice} ${styles[tone]}`}
          role={tone === "bad" ? "alert" : "status"}
        >
          <p>{text}</p>
          {action && <Button onClick={action.run}>{action.label}</Button>}
          <IconButton label="Dismiss" onClick={() => dismiss(id)}>
            <X size={14} />
          </IconButton>
        </div>
      ))}
    </div>
  );
}
