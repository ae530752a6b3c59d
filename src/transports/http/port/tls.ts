import { readFileSync, statSync } from 'node:fs'
import type { RequestListener, ServerOptions } from 'node:http'
import { createServer, type Server } from 'node:https'

export interface CertificateFiles {
  readonly cert: string
  readonly key: string
}

/** How soon a certificate that was renewed is used. */
const LOOK_MS = 60_000

/** A server with TLS of its own, which takes up a certificate that is renewed while it runs. */
export function createTlsServer(
  files: CertificateFiles,
  options: ServerOptions,
  listener: RequestListener,
): Server {
  const server = createServer({ ...options, ...read(files), minVersion: 'TLSv1.2' }, listener)
  let known = timesOf(files)
  const timer = setInterval(() => {
    const times = timesOf(files)
    if (times === known) return
    try {
      server.setSecureContext({ ...read(files), minVersion: 'TLSv1.2' })
      known = times
    } catch {
      // One of the two is written already, the other not yet.
    }
  }, LOOK_MS).unref()
  server.once('close', () => clearInterval(timer))
  return server
}

function read({ cert, key }: CertificateFiles): { cert: Buffer; key: Buffer } {
  return { cert: readFileSync(cert), key: readFileSync(key) }
}

function timesOf({ cert, key }: CertificateFiles): string {
  return [cert, key].map((path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0).join()
}
