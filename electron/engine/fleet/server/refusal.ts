import type { NatsConnection } from "@nats-io/transport-node";
import { AppError, type Missing } from "../../../../shared/base/errors.ts";
import type { Address } from "./addresses.ts";
import { asksForCertificate } from "./greeting.ts";

/** Why a server lets nobody in, and what to look at. @param tlsCert the file of the certificate that it was shown */
export async function refusal(
  addresses: readonly Address[],
  tlsCert: string | undefined,
  cause: unknown,
): Promise<AppError> {
  const address = addresses.map(({ host }) => host).join(",");
  // A server that doesn't take our certificate looks like one that is slow.
  if ((cause as Error).name === "TimeoutError" && (await asksAnyForCertificate(addresses))) {
    const shown = tlsCert === undefined ? "and none was given" : `and doesn't take ${tlsCert} with its key`;
    const message = `no TLS with the server ${address}, which asks for a certificate ${shown}`;
    return unavailable(message, "fleetCertificate", cause);
  }
  return refusalOf(address, cause);
}

async function asksAnyForCertificate(addresses: readonly Address[]): Promise<boolean> {
  const asks = addresses.map(({ hostname, port }) => asksForCertificate(hostname, port));
  return (await Promise.all(asks)).includes(true);
}

function refusalOf(address: string, cause: unknown): AppError {
  const { name = "", message = "" } = cause as Error;
  const reason =
    (cause as Error).cause instanceof Error ? ((cause as Error).cause as Error).message : message;
  if (/authorization|authentication|nkey|seed|creds/i.test(`${name} ${message}`))
    return unavailable(`the server ${address} refuses these credentials`, "fleetCredentials", cause);
  if (/certificate|tls|ssl|handshake|PEM/i.test(`${reason} ${message}`))
    return unavailable(`no TLS with the server ${address} (${reason || message})`, "fleetCertificate", cause);
  return unavailable(`the server ${address} isn't there (${reason || message})`, "fleetServer", cause);
}

/** JetStream's own code in a cluster of which too few are there. */
const withoutLeader = 10_008;

/** Why a server that lets one in can't be used. */
export function withoutJetStream(
  server: { readonly nats: NatsConnection; readonly address: string },
  cause: unknown,
): AppError {
  const { name, message, code } = cause as Error & { readonly code?: number };
  if (name === "TimeoutError" || code === withoutLeader) return unready(server, cause);
  return unavailable(`the server ${server.address} has no JetStream (${message})`, "fleetServer", cause);
}

/** It has just started, or is one of a cluster that has nobody to lead it. */
export function unready(
  { nats, address }: { readonly nats: NatsConnection; readonly address: string },
  cause: unknown,
): AppError {
  const majority = nats.info?.cluster === undefined ? "" : "; of a cluster more than half has to be there";
  const message = `the server ${address} isn't ready (${(cause as Error).message})${majority}`;
  return new AppError("fleet-unavailable", message, {}, { cause });
}

function unavailable(message: string, missing: Missing, cause: unknown): AppError {
  return new AppError("fleet-unavailable", message, { missing }, { cause });
}
