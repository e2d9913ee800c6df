/** Bytes that are to be damaged. */
export interface WireSubject {
  bytes: Uint8Array;
}
