// Signs by hand, so that a test can write what no library would sign.
import { generateKeyPairSync, type JsonWebKey, type KeyObject, sign } from "node:crypto";

type Members = Readonly<Record<string, unknown>>;

export interface Signer {
  readonly keyId: string;
  readonly algorithm: string;
  readonly publicKey: KeyObject;
  /** As the issuer publishes it. */
  readonly jwk: JsonWebKey;
  /** A token of these members. */
  sign(header: Members, claims: Members): string;
  /** A token of these texts, whatever they are. */
  signTexts(header: string, claims: string): string;
}

/** Signs with a new key: of P-256 for ES256, of Ed25519 for EdDSA, else of RSA. */
export function createSigner(algorithm: string, keyId: string, rsaBits = 2048): Signer {
  const { publicKey, privateKey } = createKeys(algorithm, rsaBits);
  const signTexts = (header: string, claims: string): string => {
    const input = `${toBase64(header)}.${toBase64(claims)}`;
    const hash = algorithm === "EdDSA" ? null : "sha256";
    const signature = sign(hash, Buffer.from(input), { key: privateKey, dsaEncoding: "ieee-p1363" });
    return `${input}.${signature.toString("base64url")}`;
  };
  return {
    ...{ keyId, algorithm, publicKey, signTexts },
    jwk: { ...publicKey.export({ format: "jwk" }), kid: keyId, alg: algorithm, use: "sig" },
    sign: (header, claims) => signTexts(JSON.stringify(header), JSON.stringify(claims)),
  };
}

/** Text in base64url. */
export function toBase64(text: string): string {
  return Buffer.from(text).toString("base64url");
}

function createKeys(
  algorithm: string,
  modulusLength: number,
): { readonly publicKey: KeyObject; readonly privateKey: KeyObject } {
  if (algorithm === "ES256") return generateKeyPairSync("ec", { namedCurve: "P-256" });
  return algorithm === "EdDSA" ? generateKeyPairSync("ed25519") : generateKeyPairSync("rsa", { modulusLength });
}
