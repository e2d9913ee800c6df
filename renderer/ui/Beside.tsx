import { type ReactNode, useLayoutEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";
import styles from "./Beside.module.css";
import { type Box, placeBeside, type Side } from "./place-beside.ts";

/** Kept free at the window's edges, px. */
const margin = 8;

interface BesideProps {
  /** Where what it speaks of is. */
  readonly anchor: Box;
  /** Whether that counts from the window's corner, or from the element's that it's rendered in. */
  readonly from: "window" | "parent";
  readonly className?: string;
  /** Absent where what is in it has one. */
  readonly role?: "tooltip" | "status";
  readonly prefer?: readonly Side[];
  /** What is to stay in sight as well, in the window. */
  avoid?(): readonly Box[];
  readonly children: ReactNode;
}

/** A few words beside what they are about: whole within the window, whatever pane they are of, and never over that. */
export function Beside({ anchor, from, className = "", role, prefer, avoid, children }: BesideProps) {
  const about = useRef<HTMLSpanElement>(null);
  const tip = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<Pick<Box, "left" | "top">>({ left: 0, top: 0 });
  // What is said may have grown as well.
  useLayoutEffect(() => {
    const { offsetWidth: width, offsetHeight: height } = tip.current!;
    const next = placeBeside(
      about.current?.getBoundingClientRect() ?? anchor,
      { width, height },
      {
        left: margin,
        top: margin,
        width: window.innerWidth - 2 * margin,
        height: window.innerHeight - 2 * margin,
      },
      avoid?.(),
      prefer,
    );
    setPlace((before) => (before.left === next.left && before.top === next.top ? before : next));
  });
  return (
    <>
      {from === "parent" && <span ref={about} className={styles.about} style={anchor} aria-hidden />}
      {/* Panes cut off what is theirs, and are what fixed positions in them count from. */}
      {createPortal(
        <div ref={tip} role={role} className={`${styles.tip} ${className}`} style={place}>
          {children}
        </div>,
        document.body,
      )}
    </>
  );
}
