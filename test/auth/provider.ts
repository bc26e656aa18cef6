// A real OpenID provider on the loopback, which can rotate its keys, go away and come back.
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { generateKeyPairSync } from "node:crypto";
import { type JWK, Provider } from "oidc-provider";

export const RESOURCE = "https://tools.example";

export interface TestProvider extends AsyncDisposable {
  readonly issuer: string;
  /** Paths that were asked for. */
  readonly asked: string[];
  /** An access token of the client credentials grant, signed by the newest key. */
  token(scope?: string, resource?: string): Promise<string>;
  /** Signs with a new key; the older ones stay published when `keepOld`. */
  rotate(keyId: string, keepOld: boolean): void;
  stop(): Promise<void>;
  start(): Promise<void>;
}

function createKey(keyId: string): JWK {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return { ...privateKey.export({ format: "jwk" }), kid: keyId, alg: "ES256", use: "sig" };
}

export async function startProvider(): Promise<TestProvider> {
  const asked: string[] = [];
  let listener: RequestListener = () => {};
  let keys = [createKey("first")];
  let server = await listen(0, (request, response) => listener(request, response));
  const { port } = server.address() as AddressInfo;
  const issuer = `http://127.0.0.1:${port}`;

  const refill = (): void => {
    const callback = createProvider(issuer, keys).callback();
    listener = (request, response) => {
      asked.push(request.url ?? "");
      void callback(request, response);
    };
  };
  refill();

  const stop = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };

  return {
    issuer,
    asked,
    async token(scope = "tools:read tools:run", resource = RESOURCE) {
      const response = await fetch(`${issuer}/token`, {
        method: "POST",
        headers: { authorization: `Basic ${btoa("robot:secret")}` },
        body: new URLSearchParams({ grant_type: "client_credentials", scope, resource }),
      });
      const body = (await response.json()) as { readonly access_token?: string };
      if (body.access_token === undefined) throw new Error(`no token: ${JSON.stringify(body)}`);
      return body.access_token;
    },
    rotate(keyId, keepOld) {
      keys = [createKey(keyId), ...(keepOld ? keys : [])];
      refill();
    },
    stop,
    async start() {
      server = await listen(port, (request, response) => listener(request, response));
    },
    [Symbol.asyncDispose]: stop,
  };
}

function createProvider(issuer: string, keys: readonly JWK[]): Provider {
  return new Provider(issuer, {
    jwks: { keys: [...keys] },
    scopes: ["tools:read", "tools:run"],
    clients: [
      {
        client_id: "robot",
        client_secret: "secret",
        grant_types: ["client_credentials"],
        redirect_uris: [],
        response_types: [],
        id_token_signed_response_alg: "ES256",
      },
    ],
    ttl: { ClientCredentials: 600 },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_context, resource) => ({
          scope: "tools:read tools:run",
          audience: resource,
          accessTokenFormat: "jwt",
          jwt: { sign: { alg: "ES256" } },
        }),
      },
    },
    extraTokenClaims: () => ({ org: "acme", groups: ["staff"] }),
  });
}

function listen(port: number, listener: RequestListener): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer(listener);
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      resolve(server);
    });
  });
}
