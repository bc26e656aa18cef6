// `toolyard keys …` of a server.
import type { Client } from "../../client/index.ts";
import { Role } from "../../index.ts";
import { createSecretText } from "../../kernel/secret-text.ts";
import type { KeyDescription } from "../../keys/index.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { printCreated, printKeys, printRevoked, toKeyId, toLifetime } from "../keys/key-options.ts";
import type { Remote, Session } from "../verb.ts";

export async function listKeysRemotely(session: Session, { client, options }: Remote): Promise<ExitCode> {
  const { tenant, principal, after, limit } = options as NonNullable<Parameters<Client["listKeys"]>[0]>;
  const { keys, next } = await client.listKeys({ tenant, principal, after, limit });
  printKeys(session, keys as unknown as readonly KeyDescription[], next);
  return EXIT.ok;
}

type KeyBody = Parameters<Client["createKey"]>[0]["body"];

export async function createKeyRemotely(session: Session, { client, options, given }: Remote): Promise<ExitCode> {
  const { principal, tenant, name, env, scopes } = options as unknown as KeyBody;
  const roles = options["roles"] as readonly string[] | undefined;
  const more = { name, env, scopes, ...(roles !== undefined && { roles: roles.map(toRole) }), ...toLifetime(options) };
  // Without the option it is the tenant of who asks.
  const body = { principal, ...(given.has("tenant") && { tenant }), ...more };
  print(session, await client.createKey({ body }));
  return EXIT.ok;
}

export async function rotateKeyRemotely(session: Session, { client, args, options }: Remote): Promise<ExitCode> {
  const overlapMs = options["overlap"] as number | undefined;
  const [id = ""] = args;
  print(session, await client.rotateKey({ id: toKeyId(id), body: { overlapMs, ...toLifetime(options) } }));
  return EXIT.ok;
}

export async function revokeKeyRemotely(session: Session, { client, args, options }: Remote): Promise<ExitCode> {
  const id = toKeyId(args[0] ?? "");
  const { wasToWork } = await client.revokeKey({ id, reason: options["reason"] as string | undefined });
  if (typeof wasToWork !== "boolean") throw new TypeError("wasToWork is missing");
  printRevoked(session, id, wasToWork);
  return EXIT.ok;
}

/** Built-in roles in any case of letters; which others there are, the server knows. */
function toRole(name: string): string {
  return Object.values(Role).find((role) => role === name.toUpperCase()) ?? name;
}

type Created = Awaited<ReturnType<Client["createKey"]>>;

function print(session: Session, { key, description }: Created): void {
  printCreated(session, {
    key: createSecretText(key),
    description: description as unknown as KeyDescription,
  });
}
