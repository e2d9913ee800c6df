import { createHash } from "node:crypto";
import { nkeys } from "@nats-io/transport-node";

type KeyPair = ReturnType<typeof nkeys.createUser>;

/** For tests: an operator with one account, as NATS's own tool makes them. */
export interface JwtAccount {
  /** Lines of the server's configuration. */
  readonly configuration: string;
  /** The text of a credentials file. @param validSeconds fewer than 0 and it has expired */
  credentials(user: string, validSeconds?: number): string;
}

const unlimited = {
  ...{ subs: -1, data: -1, payload: -1, imports: -1, exports: -1, wildcards: true, conn: -1, leaf: -1 },
  ...{ mem_storage: -1, disk_storage: -1, streams: -1, consumer: -1 },
};

export function createJwtAccount(): JwtAccount {
  const [operator, system, account] = [nkeys.createOperator(), nkeys.createAccount(), nkeys.createAccount()];
  const systemLimits = { ...unlimited, mem_storage: 0, disk_storage: 0, streams: 0, consumer: 0 };
  const accounts = [
    [system, signed(operator, system, { type: "account", limits: systemLimits })],
    [account, signed(operator, account, { type: "account", limits: unlimited })],
  ] as const;
  const preloaded = accounts.map(([pair, jwt]) => `${pair.getPublicKey()}: "${jwt}"`);
  return {
    configuration: [
      `operator: "${signed(operator, operator, { type: "operator", system_account: system.getPublicKey() })}"`,
      `system_account: ${system.getPublicKey()}`,
      "resolver: MEMORY",
      `resolver_preload { ${preloaded.join("\n")} }`,
    ].join("\n"),
    credentials: (name, validSeconds) => {
      const user = nkeys.createUser();
      const claims = { type: "user", subs: -1, data: -1, payload: -1 };
      return [
        "-----BEGIN NATS USER JWT-----",
        signed(account, user, claims, { name, validSeconds }),
        "------END NATS USER JWT------",
        "-----BEGIN USER NKEY SEED-----",
        new TextDecoder().decode(user.getSeed()),
        "------END USER NKEY SEED------",
        "",
      ].join("\n");
    },
  };
}

/** @see https://docs.nats.io/running-a-nats-service/configuration/securing_nats/auth_intro/jwt */
function signed(
  issuer: KeyPair,
  subject: KeyPair,
  claims: object,
  { name = "test", validSeconds }: { readonly name?: string; readonly validSeconds?: number } = {},
): string {
  const now = Math.floor(Date.now() / 1000);
  const content = {
    iat: now,
    ...(validSeconds !== undefined && { exp: now + validSeconds }),
    iss: issuer.getPublicKey(),
    sub: subject.getPublicKey(),
    name,
    nats: { version: 2, ...claims },
  };
  const jti = createHash("sha256").update(JSON.stringify(content)).digest("hex");
  const said = [
    { typ: "JWT", alg: "ed25519-nkey" },
    { jti, ...content },
  ].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"));
  const signature = issuer.sign(new TextEncoder().encode(said.join(".")));
  return [...said, Buffer.from(signature).toString("base64url")].join(".");
}
