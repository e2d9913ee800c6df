/** The wire format of protocol buffers: fields one after the other, each a key and what its wire type says. */

export interface WireField {
  readonly number: number;
  readonly type: number;
  /** Key and value. */
  readonly bytes: Uint8Array;
  /** Where the value starts in `bytes`; of a length-delimited one, after its length. */
  readonly valueStart: number;
}

export const lengthDelimited = 2;
const fixedBytes: Readonly<Record<number, number>> = { 1: 8, 5: 4 };

/** @returns undefined if the bytes are no sequence of fields */
export function splitFields(bytes: Uint8Array): WireField[] | undefined {
  const fields: WireField[] = [];
  let at = 0;
  while (at < bytes.length) {
    const key = readVarint(bytes, at);
    if (!key || key.value < 8) return undefined;
    const type = key.value & 7;
    const length = type === lengthDelimited ? readVarint(bytes, key.end) : undefined;
    const valueStart = length?.end ?? key.end;
    const end =
      type === 0
        ? readVarint(bytes, key.end)?.end
        : length
          ? length.end + length.value
          : key.end + (fixedBytes[type] ?? Number.NaN);
    if (end === undefined || !(end <= bytes.length)) return undefined;
    fields.push({
      number: Math.floor(key.value / 8),
      type,
      bytes: bytes.subarray(at, end),
      valueStart: valueStart - at,
    });
    at = end;
  }
  return fields;
}

function readVarint(bytes: Uint8Array, start: number): { value: number; end: number } | undefined {
  let value = 0;
  for (let at = start; at < Math.min(bytes.length, start + 10); at++) {
    value += (bytes[at] & 0x7f) * 2 ** (7 * (at - start));
    if (bytes[at] < 0x80) return { value, end: at + 1 };
  }
  return undefined;
}

export function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) + 0x80);
  return Uint8Array.from([...bytes, rest]);
}

export function wireKey(number: number, type: number): Uint8Array {
  return varint(number * 8 + type);
}

/** A length-delimited field. */
export function wireMessage(number: number, value: Uint8Array): Uint8Array {
  return joinBytes([wireKey(number, lengthDelimited), varint(value.length), value]);
}

export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
