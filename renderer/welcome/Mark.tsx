/** The app's mark, as its icon: a road, and the ramp that leaves it early. */
export function Mark({ size }: { readonly size: number }) {
  return (
    <svg viewBox="64 64 896 896" width={size} height={size} aria-hidden="true">
      <rect x="64" y="64" width="896" height="896" rx="200" fill="#14213d" />
      <g fill="none" strokeLinecap="round" strokeWidth="92">
        <path d="M 236 660 H 788" stroke="#5b6b8c" />
        <path d="M 236 660 H 396 C 560 660 512 372 700 372" stroke="#ffb703" />
      </g>
      <g fill="#14213d" strokeWidth="40">
        <circle cx="236" cy="660" r="70" stroke="#ffb703" />
        <circle cx="788" cy="660" r="70" stroke="#5b6b8c" />
        <circle cx="716" cy="372" r="82" fill="#ffb703" stroke="#ffb703" />
      </g>
    </svg>
  );
}
