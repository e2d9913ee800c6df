/** A time in words: "today, 14:05", else with its date. */
export function whenInWords(iso: string, now: Date): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return "an unknown time";
  const clock = time.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  const day = time.toLocaleDateString([], { day: "numeric", month: "long", year: "numeric" });
  return time.toDateString() === now.toDateString() ? `today, ${clock}` : `${day}, ${clock}`;
}
