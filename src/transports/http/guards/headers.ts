import type { ServerResponse } from 'node:http'

/** What every answer tells a browser, so that it does nothing with the answer but show it where it was asked for. */
const SECURITY_HEADERS: readonly (readonly [name: string, value: string])[] = [
  ['cross-origin-resource-policy', 'same-origin'],
  ['cross-origin-opener-policy', 'same-origin'],
  ['origin-agent-cluster', '?1'],
  ['referrer-policy', 'no-referrer'],
  ['x-content-type-options', 'nosniff'],
  ['x-dns-prefetch-control', 'off'],
  ['x-download-options', 'noopen'],
  ['x-frame-options', 'SAMEORIGIN'],
  ['x-permitted-cross-domain-policies', 'none'],
  ['x-xss-protection', '0'],
]

const YEAR = 'max-age=31536000'

/**
 * Sets them where Node writes the answer from: set on the answer of the framework, they would take it apart and make it anew, which
 * costs more than all else about a short answer.
 */
export function setSecurityHeaders(
  outgoing: ServerResponse,
  headers: ReturnType<typeof securityHeaders>,
): void {
  for (const [name, value] of headers) outgoing.setHeader(name, value)
}

export function securityHeaders({ isTls }: { isTls: boolean }): typeof SECURITY_HEADERS {
  // Only the server that ends TLS may promise that it stays so.
  return isTls ? [...SECURITY_HEADERS, ['strict-transport-security', YEAR]] : SECURITY_HEADERS
}
