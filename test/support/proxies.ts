import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { freePort } from './free-port.ts'
import { makeCertificates, type TestCertificates } from './tls.ts'
import { until } from './until.ts'

const GUIDE = join(import.meta.dirname, '../../docs/guides/team-server.md')
export const PROXIED_HOST = 'memory.example.com'

/** What differs between two proxies: how a block of the guide becomes a whole configuration, and how it is started. */
export interface ProxyKind {
  readonly name: string
  /** The block of the guide begins with it. */
  readonly begins: string
  /** The place where the guide's block listens becomes `port`, its upstream `target`, its certificate files these. */
  config(block: string, at: ProxyPlace): string
  args(configFile: string, folder: string): readonly string[]
  /** Ends it and its children without waiting for streams that are still open. */
  readonly end: NodeJS.Signals
}

export interface ProxyPlace {
  readonly port: number
  readonly target: string
  readonly certificate: string
  readonly key: string
  readonly folder: string
}

export const NGINX: ProxyKind = {
  name: 'nginx',
  begins: 'upstream agent_memory',
  config: (block, { port, target, certificate, key, folder }) =>
    [
      'daemon off;',
      `pid ${folder}/nginx.pid;`,
      'error_log stderr;',
      'events {}',
      'http {',
      'access_log off;',
      ...['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
        (use) => `${use}_temp_path ${folder}/${use};`,
      ),
      changed(block, [
        ['127.0.0.1:8787', target],
        ['listen 443', `listen 127.0.0.1:${port}`],
        ['/etc/ssl/memory.pem', certificate],
        ['/etc/ssl/memory.key', key],
      ]),
      '}',
    ].join('\n'),
  args: (configFile, folder) => ['-c', configFile, '-p', folder, '-e', 'stderr'],
  end: 'SIGTERM',
}

export const CADDY: ProxyKind = {
  name: 'caddy',
  begins: `${PROXIED_HOST} {`,
  config: (block, { port, target, certificate, key }) =>
    [
      // No certificate from outside, no port 80.
      '{\nadmin off\nauto_https off\n}',
      changed(block, [
        [`${PROXIED_HOST} {`, `${PROXIED_HOST}:${port} {\nbind 127.0.0.1\ntls ${certificate} ${key}`],
        ['127.0.0.1:8787', target],
      ]),
    ].join('\n'),
  args: (configFile) => ['run', '--config', configFile, '--adapter', 'caddyfile'],
  end: 'SIGKILL',
}

/** A proxy with the guide's own lines before a server on this machine. */
export class ReverseProxy implements AsyncDisposable {
  readonly address = `https://${PROXIED_HOST}`
  readonly #kind: ProxyKind
  readonly #port: number
  readonly #folder: string
  readonly #process: ChildProcess
  readonly #ca: string

  private constructor(kind: ProxyKind, port: number, folder: string, child: ChildProcess, ca: string) {
    this.#kind = kind
    this.#port = port
    this.#folder = folder
    this.#process = child
    this.#ca = ca
  }

  static async start(kind: ProxyKind, binary: string, target: string): Promise<ReverseProxy> {
    const folder = mkdtempSync(join(tmpdir(), 'agent-memory-proxy-'))
    const { ca, certificate, key }: TestCertificates = makeCertificates(PROXIED_HOST)
    const files = { certificate: join(folder, 'memory.pem'), key: join(folder, 'memory.key') }
    writeFileSync(files.certificate, certificate)
    writeFileSync(files.key, key)
    const port = await freePort()
    const configFile = join(folder, 'config')
    writeFileSync(configFile, kind.config(guideBlock(kind.begins), { port, target, folder, ...files }))
    const child = spawn(binary, kind.args(configFile, folder), {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, HOME: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder },
    })
    let log = ''
    child.stderr?.on('data', (chunk: Buffer) => (log = (log + chunk.toString()).slice(-4_000)))
    const proxy = new ReverseProxy(kind, port, folder, child, ca)
    await until(`${kind.name} answers`, async () => {
      if (child.exitCode !== null) throw new Error(`${kind.name} ended: ${log}`)
      return proxy.fetch(`${proxy.address}/health`).catch(() => null)
    })
    return proxy
  }

  /** `fetch` for the name of the certificate, at this proxy. */
  readonly fetch = (async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const asked = new Request(input, init)
    const url = new URL(asked.url)
    const call = request({
      host: '127.0.0.1',
      port: this.#port,
      servername: url.hostname,
      ca: this.#ca,
      method: asked.method,
      path: url.pathname + url.search,
      headers: { ...Object.fromEntries(asked.headers), host: url.host },
      signal: asked.signal,
      agent: false,
    })
    const answered = once(call, 'response')
    call.end(Buffer.from(await asked.arrayBuffer()))
    const [answer] = await answered
    const headers = Object.entries(answer.headers as Record<string, string | string[]>).flatMap(
      ([name, values]) => [values].flat().map((value): [string, string] => [name, value]),
    )
    const bodyless = [204, 304].includes(answer.statusCode)
    return new Response(bodyless ? null : Readable.toWeb(answer as IncomingMessage), {
      status: answer.statusCode,
      headers,
    })
  }) satisfies typeof fetch

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const ended = once(this.#process, 'close')
      this.#process.kill(this.#kind.end)
      await ended
    }
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

function guideBlock(begins: string): string {
  const blocks = readFileSync(GUIDE, 'utf8').matchAll(/^```\w*\n(.*?)^```$/gms)
  const found = [...blocks].map(([, block = '']) => block).find((block) => block.startsWith(begins))
  if (found === undefined) throw new Error(`the guide has no block that begins with ${begins}`)
  return found
}

/** Each must stand there: a test of other lines than the guide's shows nothing. */
function changed(block: string, changes: readonly (readonly [string, string])[]): string {
  return changes.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`the guide's block has no ${from}`)
    return text.replaceAll(from, to)
  }, block)
}
