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
export function securityHeaders({ isTls }: { isTls: boolean }): (outgoing: ServerResponse) => void {
  // Only the server that ends TLS may promise that it stays so.
  const headers = isTls
    ? [...SECURITY_HEADERS, ['strict-transport-security', YEAR] as const]
    : SECURITY_HEADERS
  return (outgoing) => {
    for (const [name, value] of headers) outgoing.setHeader(name, value)
  }
}
