/**
 * Text of a file that people made: UTF-8, UTF-16 with its mark, as spreadsheets write "Unicode text", or else Windows-1252,
 * which they write by themselves.
 * @param isWhole whether the bytes end where the file does, rather than perhaps within a character
 * @returns without a byte order mark
 */
export function decodeText(bytes: Uint8Array, isWhole = true): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: !isWhole });
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}
