import type { ReactNode } from "react";
import styles from "./IdeaPicture.module.css";

/** What a view is about, as a few strokes beside the sentence that says it; 120 x 56. */
const pictures = {
  chart: (
    <>
      <Axes />
      <Dots
        places={[
          [70, 34],
          [84, 40],
          [58, 42],
          [96, 26],
        ]}
      />
      <polyline className={styles.ours} points="30,44 40,28 58,18 92,11" />
      <Dots
        places={[
          [30, 44],
          [40, 28],
          [58, 18],
          [92, 11],
        ]}
        look={styles.oursDot}
      />
      <circle className={styles.liveDot} cx={58} cy={18} r={4} />
    </>
  ),
  plans: (
    <>
      {[8, 20, 32, 44].map((y, row) => (
        <g key={y} className={row === 1 ? styles.ours : styles.line}>
          <circle className={row === 1 ? styles.oursDot : styles.dot} cx={18} cy={y + 2} r={3} />
          <path d={`M30 ${y + 2}h${34 - 4 * row}M74 ${y + 2}h12M96 ${y + 2}h10`} />
        </g>
      ))}
    </>
  ),
  parallel: (
    <>
      <path className={styles.line} d="M20 6v44M60 6v44M100 6v44" />
      <polyline className={styles.faint} points="20,14 60,44 100,30" />
      <polyline className={styles.faint} points="20,40 60,12 100,46" />
      <polyline className={styles.ours} points="20,22 60,28 100,14" />
      <rect className={styles.live} x={56} y={20} width={8} height={16} />
    </>
  ),
  shift: (
    <>
      <Axes />
      <polyline className={styles.faint} points="26,12 46,20 66,36 86,44 104,47" />
      <polyline className={styles.ours} points="26,14 46,17 66,24 86,34 104,40" />
      <circle className={styles.liveDot} cx={66} cy={24} r={4} />
    </>
  ),
  pinned: (
    <>
      <rect className={styles.line} x={18} y={8} width={36} height={40} rx={3} />
      <rect className={styles.line} x={66} y={8} width={36} height={40} rx={3} />
      <path className={styles.ours} d="M26 20h20M26 30h12M26 40h16" />
      <path className={styles.live} d="M74 20h14M74 30h20M74 40h8" />
    </>
  ),
  search: (
    <>
      <path
        className={styles.faint}
        d="M14 28L40 12M14 28L40 44M40 12L66 6M40 12L66 20M40 44L66 36M40 44L66 50"
      />
      <path className={styles.ours} d="M14 28L40 12L66 20L102 20" />
      <Dots
        places={[
          [66, 6],
          [66, 36],
          [66, 50],
          [40, 44],
        ]}
      />
      <Dots
        places={[
          [14, 28],
          [40, 12],
          [66, 20],
        ]}
        look={styles.oursDot}
      />
      <circle className={styles.liveDot} cx={102} cy={20} r={4} />
    </>
  ),
  data: (
    <>
      <rect className={styles.line} x={12} y={14} width={24} height={24} rx={2} />
      <rect className={styles.line} x={17} y={19} width={24} height={24} rx={2} />
      <path className={styles.faint} d="M46 30h10M56 30L68 12M56 30h12M56 30L68 48" />
      <path className={styles.ours} d="M72 12h36" />
      <path className={styles.live} d="M72 30h22" />
      <path className={styles.line} d="M72 48h14" />
    </>
  ),
  heads: (
    <>
      <Trunk />
      <path className={styles.ours} d="M40 18v18M70 18v18" />
      <rect className={styles.ours} x={33} y={36} width={14} height={10} rx={4} />
      <rect className={styles.ours} x={63} y={36} width={14} height={10} rx={4} />
    </>
  ),
  tuning: (
    <>
      <path className={styles.line} d="M14 6v44h94" />
      <path className={styles.faint} d="M20 12C34 34 56 36 104 37" />
      <path className={styles.ours} d="M20 16C32 42 56 44 104 45" />
    </>
  ),
  profile: (
    <>
      <circle className={styles.line} cx={30} cy={30} r={18} />
      <path className={styles.ours} d="M30 30L40 20M26 8h8M30 8v4" />
      <path className={styles.ours} d="M60 18h14M60 30h26M60 42h46" />
    </>
  ),
  export: (
    <>
      <path className={styles.line} d="M20 6h22l10 10v34H20zM42 6v10h10" />
      <path className={styles.faint} d="M60 28h16M70 22l6 6l-6 6" />
      <circle className={styles.ours} cx={94} cy={28} r={13} />
      <path className={styles.ours} d="M88 28l5 5l8-10" />
    </>
  ),
  plan: (
    <>
      <Trunk />
      <path className={styles.live} d="M55 18v16" />
      <path className={styles.faint} d="M24 42h72" />
      <path className={styles.live} d="M24 42h44" />
      <circle className={styles.liveDot} cx={68} cy={42} r={5} />
    </>
  ),
} as const satisfies Readonly<Record<string, ReactNode>>;

export type Idea = keyof typeof pictures;

/** Decoration: the sentence beside it says the same. */
export function IdeaPicture({ idea }: { readonly idea: Idea }) {
  return (
    <svg className={styles.picture} width={120} height={56} viewBox="0 0 120 56" aria-hidden>
      {pictures[idea]}
    </svg>
  );
}

function Axes() {
  return <path className={styles.line} d="M18 4v46h94" />;
}

/** A backbone, its blocks from left to right. */
function Trunk() {
  return (
    <>
      <path className={styles.faint} d="M10 12h100" />
      {[16, 46, 76].map((x) => (
        <rect key={x} className={styles.block} x={x} y={6} width={18} height={12} rx={2} />
      ))}
    </>
  );
}

interface DotsProps {
  readonly places: readonly (readonly [number, number])[];
  readonly look?: string;
}

function Dots({ places, look = styles.dot }: DotsProps) {
  return places.map(([x, y]) => <circle key={`${x} ${y}`} className={look} cx={x} cy={y} r={3} />);
}
