import type { Config } from '../../../config.ts'
import { HttpProblem } from '../problems.ts'

const LOOPBACK: readonly string[] = ['localhost', '127.0.0.1', '[::1]', '::1']

/** Whether an address can be reached from this machine alone. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[|\]$/g, '')
  return LOOPBACK.includes(name) || /^127(\.\d{1,3}){3}$/.test(name) || /^::ffff:127\./.test(name)
}

/** What a request says of where it was sent, and where it comes from. */
export interface Asked {
  readonly host: string | undefined
  readonly origin: string | undefined
}

/**
 * Refuses what a browser was tricked into sending: a foreign name that leads here (DNS rebinding), and a page
 * of another host. A server that listens beyond this machine asks every client for a key, and is known by any
 * name.
 */
export function guard({ host, allowedHosts, allowedOrigins }: Config['http']): (asked: Asked) => void {
  const names = allowedHosts.length > 0 || isLoopback(host) ? [...LOOPBACK, ...allowedHosts] : undefined
  return ({ host: asked, origin }) => {
    const name = hostNameOf(asked)
    if (name === undefined) throw new HttpProblem(400, 'INVALID_PARAMETER', 'Host: missing, or no host.')
    if (names && !names.includes(name)) throw foreignHost(name)
    if (origin === undefined || allowedOrigins.includes(origin)) return
    // A page that was served from here: nothing may be said of the scheme, a proxy may have ended TLS.
    if (origin === `http://${asked}` || origin === `https://${asked}`) return
    throw new HttpProblem(403, 'PERMISSION_DENIED', 'Pages of another host may not ask this server.', {
      suggestion: 'Add the page’s origin to AGENT_MEMORY_HTTP_ALLOWED_ORIGINS where it may.',
    })
  }
}

/** The host of a Host header, without its port. */
function hostNameOf(header: string | undefined): string | undefined {
  return /^(\[[0-9a-f:.]+\]|[^\s:/@[\]]+)(:\d{1,5})?$/i.exec(header ?? '')?.[1]?.toLowerCase()
}

function foreignHost(name: string): HttpProblem {
  return new HttpProblem(
    403,
    'PERMISSION_DENIED',
    `This server is not known as '${name.slice(0, 100)}' (the Host header).`,
    {
      suggestion:
        'Ask for it as localhost or 127.0.0.1. Behind a proxy, add the name to AGENT_MEMORY_HTTP_ALLOWED_HOSTS.',
    },
  )
}
