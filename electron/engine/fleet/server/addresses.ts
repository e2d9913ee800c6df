import { AppError } from "../../../../shared/base/errors.ts";

/** Of a server. */
export interface Address {
  readonly url: URL;
  /** As it is in a certificate: an IPv6 address without brackets. */
  readonly hostname: string;
  readonly port: number;
  /** With its port. */
  readonly host: string;
}

/** @param server one address, or several, separated by commas @throws AppError 'usage' for one that is none */
export function parseAddresses(server: string): Address[] {
  return server.split(",").map((text) => parseAddress(text.trim()));
}

function parseAddress(text: string): Address {
  const whole = /^[a-z]+:\/\//.test(text) ? text : `nats://${text}`;
  const url = urlOf(whole);
  if (!url || !["nats:", "tls:"].includes(url.protocol) || url.hostname === "")
    throw new AppError(
      "usage",
      `${text} is no server's address; expected nats://HOST:4222 or tls://HOST:4222`,
    );
  const port = Number(url.port || 4222);
  return { url, hostname: url.hostname.replaceAll(/[[\]]/g, ""), port, host: `${url.hostname}:${port}` };
}

/** `URL.canParse` is younger than the Node inside the oldest Electron that the app runs on. */
function urlOf(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
