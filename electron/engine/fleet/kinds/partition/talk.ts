import { z } from "zod";
import { AppError } from "../../../../../shared/base/errors.ts";
import type { Wire } from "../../../jobs/job-kind.ts";

/** A message is cut into pieces of this size: a server takes 1 MiB at once unless told otherwise. */
const pieceBytes = 512 * 1024;

/** No tensor of a sample is as large; who says so is broken, or lies. */
const mostBytes = 256 * 2 ** 20;

const headSchema = z.object({
  number: z.number().int().nonnegative(),
  isReply: z.boolean(),
  kind: z.string().max(32),
  /** Of the whole message. */
  bytes: z.number().int().nonnegative().max(mostBytes),
  /** Where this piece begins in it. */
  from: z.number().int().nonnegative(),
  about: z.unknown(),
});

type Head = z.infer<typeof headSchema>;

/** What one side says to the other. */
export interface Message {
  readonly kind: string;
  /** Plain data, of which the other side checks what it needs. */
  readonly about?: unknown;
  readonly bytes?: Uint8Array;
}

/** Questions and answers over a wire, one at a time in each direction. */
export interface Talk {
  /** @throws AppError 'fleet-unavailable' if the other side says nothing for so long */
  ask(message: Message, withinMs: number): Promise<Required<Message>>;
  /** Answers every question from now on. */
  answer(answering: (message: Required<Message>) => Promise<Message>): void;
}

export function talkOver(wire: Wire): Talk {
  const waiting = new Map<number, (message: Required<Message>) => void>();
  let answering: ((message: Required<Message>) => Promise<Message>) | undefined;
  let asked = 0;
  const said = (head: Head, bytes: Uint8Array) => {
    const message = { kind: head.kind, about: head.about, bytes };
    if (head.isReply) {
      waiting.get(head.number)?.(message);
      return;
    }
    answering?.(message).then(
      (reply) => send(wire, reply, head.number, true),
      (cause) => send(wire, { kind: "failed", about: String(cause.message) }, head.number, true),
    );
  };
  wire.listen(joinPieces(said));
  return {
    ask: async (message, withinMs) => {
      const number = asked++;
      let timer: NodeJS.Timeout | undefined;
      try {
        const reply = await new Promise<Required<Message>>((resolve, reject) => {
          waiting.set(number, resolve);
          timer = setTimeout(
            () => reject(unheard(`nothing came back for ${Math.round(withinMs / 1000)} s`)),
            withinMs,
          );
          send(wire, message, number, false);
        });
        if (reply.kind === "failed") throw unheard(String(reply.about).slice(0, 300));
        return reply;
      } finally {
        clearTimeout(timer);
        waiting.delete(number);
      }
    },
    answer: (answers) => {
      answering = answers;
    },
  };
}

function unheard(why: string): AppError {
  return new AppError("fleet-unavailable", `the other half of the plan doesn't answer: ${why}`);
}

/** Each piece is the length of its head, that as JSON, and bytes. */
function send(
  wire: Wire,
  { kind, about, bytes = new Uint8Array() }: Message,
  number: number,
  isReply: boolean,
) {
  for (let from = 0; from === 0 || from < bytes.length; from += pieceBytes) {
    const head: Head = {
      number,
      isReply,
      kind,
      bytes: bytes.length,
      from,
      about: from === 0 ? (about ?? null) : null,
    };
    const text = new TextEncoder().encode(JSON.stringify(head));
    const part = bytes.subarray(from, from + pieceBytes);
    const piece = new Uint8Array(4 + text.length + part.length);
    new DataView(piece.buffer).setUint32(0, text.length, true);
    piece.set(text, 4);
    piece.set(part, 4 + text.length);
    wire.send(piece);
  }
}

/** Puts the pieces of messages together as they come, in order; a message of which one is missing is dropped. */
function joinPieces(whole: (head: Head, bytes: Uint8Array) => void): (piece: Uint8Array) => void {
  let begun: { readonly head: Head; readonly bytes: Uint8Array; filled: number } | undefined;
  return (piece) => {
    const read = readPiece(piece);
    if (!read) return;
    const { head, part } = read;
    if (head.from === 0) begun = { head, bytes: new Uint8Array(head.bytes), filled: 0 };
    if (!begun || begun.head.number !== head.number || begun.head.isReply !== head.isReply) return;
    if (begun.filled !== head.from || head.from + part.length > begun.bytes.length) {
      begun = undefined;
      return;
    }
    begun.bytes.set(part, head.from);
    begun.filled += part.length;
    if (begun.filled < begun.bytes.length) return;
    const { head: first, bytes } = begun;
    begun = undefined;
    whole(first, bytes);
  };
}

function readPiece(piece: Uint8Array): { readonly head: Head; readonly part: Uint8Array } | undefined {
  if (piece.length < 4) return undefined;
  const length = new DataView(piece.buffer, piece.byteOffset).getUint32(0, true);
  try {
    const text = new TextDecoder().decode(piece.subarray(4, 4 + length));
    return { head: headSchema.parse(JSON.parse(text)), part: piece.subarray(4 + length) };
  } catch {
    return undefined;
  }
}
