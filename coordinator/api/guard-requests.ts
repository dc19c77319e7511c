// Keeps web pages of strangers out, PURE: a browser on the operator's machine can reach the API, so a page must not be
// able to use it. No CORS header is ever sent; a name that an attacker points at us is refused (DNS rebinding), and only
// JSON is taken as a body, which a foreign page cannot send without asking first.
import { isIP } from 'node:net';

/**
 * Why a request with this Host (without port) is refused, or null. Addresses, `localhost` and `ownNames` (asked for only
 * where it comes to that) are let in: none of them can be a stranger's domain.
 */
export function hostProblem(host: string, ownNames: () => Iterable<string>): string | null {
  const name = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  if (isIP(name) !== 0 || name === 'localhost') return null;
  for (const own of ownNames()) if (own.toLowerCase() === name) return null;
  return `the host name "${host}" is not one of this coordinator's: use its address, localhost or the host name of the machine`;
}

/** Why a request with this Sec-Fetch-Site header is refused, or null: only a browser sends it, for what a page asked. */
export function originProblem(fetchSite: string | undefined, method: string): string | null {
  const changesNothing = method === 'GET' || method === 'HEAD';
  if (changesNothing || fetchSite === undefined || ['same-origin', 'none'].includes(fetchSite)) return null;
  return 'a page of another site may not change anything here';
}
