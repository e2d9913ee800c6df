import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { IconButton } from "./Button.tsx";
import styles from "./Dialog.module.css";
import { returnToPane } from "./pane-focus.ts";

interface DialogProps {
  readonly title: string;
  readonly description?: string;
  readonly open: boolean;
  readonly wide?: boolean;
  onClose(): void;
  readonly children: ReactNode;
  /** Buttons at the lower edge. */
  readonly actions?: ReactNode;
}

export function Dialog({ title, description, open, wide, onClose, children, actions }: DialogProps) {
  return (
    <Radix.Root open={open} onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className={styles.overlay} />
        <Radix.Content
          className={`${styles.content} ${wide ? styles.wide : ""}`}
          onOpenAutoFocus={focusFirstField}
          onCloseAutoFocus={returnToPane}
          {...(description ? {} : { "aria-describedby": undefined })}
        >
          <header className={styles.header}>
            <Radix.Title className={styles.title}>{title}</Radix.Title>
            <Radix.Close asChild>
              <IconButton label="Close">
                <X size={16} />
              </IconButton>
            </Radix.Close>
          </header>
          {description && <Radix.Description className={styles.description}>{description}</Radix.Description>}
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, by keyboard too */}
          <div className={styles.body} tabIndex={0}>
            {children}
          </div>
          {actions && <footer className={styles.actions}>{actions}</footer>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** What a question asks for comes before the button that closes it, so that Enter answers and doesn't cancel. */
function focusFirstField(event: Event): void {
  const content = event.currentTarget as HTMLElement;
  const field = content.querySelector<HTMLElement>(
    "[data-first-field], input:not(:disabled), select:not(:disabled)",
  );
  if (!field) return;
  event.preventDefault();
  field.focus();
}
