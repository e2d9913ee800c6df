import { connect } from "node:net";
import { z } from "zod";

const greetingSchema = z.object({ tls_verify: z.boolean().optional() });

const maxBytes = 64e3;
const waitMs = 2000;

/**
 * Whether a server asks who connects for a certificate, as it tells everybody before TLS begins; false if it tells nothing.
 * One that doesn't take what it is shown ends the connection after the handshake, of which the client says nothing.
 */
export function asksForCertificate(hostname: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port, timeout: waitMs });
    let heard = "";
    const end = (asks: boolean) => {
      socket.destroy();
      resolve(asks);
    };
    socket.setEncoding("utf8").on("data", (text) => {
      heard += text;
      if (heard.includes("\r\n")) end(asksIn(heard));
      else if (heard.length > maxBytes) end(false);
    });
    for (const event of ["error", "timeout", "close"]) socket.on(event, () => end(false));
  });
}

function asksIn(greeting: string): boolean {
  const line = /^INFO (.*)\r\n/.exec(greeting)?.[1];
  try {
    return greetingSchema.parse(JSON.parse(line ?? "")).tls_verify === true;
  } catch {
    return false;
  }
}
