/**
 * A clause, as a warning or a note is, where it stands alone: with a capital, a full stop, and no number apart from its %.
 */
export function asSentence(clause: string): string {
  const unbroken = clause.replace(/(\d) %/g, "$1\u00A0%");
  const end = /[.?!…]$/.test(unbroken) ? "" : ".";
  return `${unbroken.charAt(0).toUpperCase()}${unbroken.slice(1)}${end}`;
}
