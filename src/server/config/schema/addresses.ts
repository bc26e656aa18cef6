// What a URL, an origin, a host and a network may look like in a configuration. Only texts are judged: nothing is resolved.

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;
const IPV4 = /^(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}$/;

/** Whether `text` is the URL of a server as it is written everywhere else: no user, query or fragment, nothing to normalise. */
export function isServerUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  const isWeb = url.protocol === "https:" || url.protocol === "http:";
  return isWeb && !/[?#@]/.test(text) && (url.href === text || url.href === `${text}/`);
}

/** Whether what is asked of `text` cannot be read or changed on its way: HTTPS, or HTTP that never leaves the machine. */
export function isSafeUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  if (url.username !== "" || url.password !== "" || text.includes("#")) return false;
  return url.protocol === "https:" || (url.protocol === "http:" && LOOPBACK.test(url.hostname));
}

/** Whether `text` is the origin of a page: a scheme and a host, without a path. */
export function isOrigin(text: string): boolean {
  return URL.canParse(text) && /^https?:/.test(text) && new URL(text).origin === text;
}

/** Whether `text` may stand in the header `Host`. */
export function isHost(text: string): boolean {
  if (!/^(?:\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)(?::\d{1,5})?$/.test(text)) return false;
  return URL.canParse(`http://${text}`);
}

/** Whether `text` is an address or a network in CIDR notation. */
export function isNetwork(text: string): boolean {
  const [address = "", prefix, ...more] = text.split("/");
  const isV4 = IPV4.test(address);
  if (more.length > 0 || !(isV4 || isIpv6(address))) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (isV4 ? 32 : 128));
}

function isIpv6(text: string): boolean {
  return /^[0-9a-fA-F:.]{2,45}$/.test(text) && text.includes(":") && URL.canParse(`http://[${text}]/`);
}
