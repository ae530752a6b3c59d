import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { Context, Hono } from 'hono'
import type { HttpEnv } from './env.ts'

/** A file of the page, as it goes out. */
interface Asset {
  readonly type: string
  readonly plain: Buffer<ArrayBuffer>
  readonly tag: string
  readonly packed: Map<Packing, Buffer<ArrayBuffer>>
}

type Packing = 'br' | 'gzip'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** Beside the program, or where the build puts it when the sources run as they are. */
const FOLDERS = ['page', '../../../dist/page'].map((folder) => join(import.meta.dirname, folder))

/** What is in a memory is never code here: scripts and styles come from this server's own files, and nothing is asked elsewhere. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

const NOT_BUILT = 'The page has not been built: npm run build. Everything else of this server works.\n'

/** The page at `/`, served without a key: it holds nothing, and asks for a key itself. */
export function addPage(http: Hono<HttpEnv>): void {
  let files: ReadonlyMap<string, Asset> | undefined
  const find = (name: string) => {
    files ??= readFiles()
    return files.get(name)
  }
  http.get('/', (c) => {
    const index = find('index.html')
    if (!index) return c.text(NOT_BUILT, 503)
    // Asked anew each time, and mostly answered without a body: the names in it tell which files belong together.
    return answer(c, index, { 'cache-control': 'no-cache', 'content-security-policy': POLICY })
  })
  http.get('/page/:name', (c, next) => {
    const file = find(c.req.param('name'))
    if (!file) return next()
    // The name of a file changes with what is in it.
    return answer(c, file, { 'cache-control': 'public, max-age=31536000, immutable' })
  })
}

function answer(c: Context<HttpEnv>, asset: Asset, headers: Readonly<Record<string, string>>): Response {
  const shared = { ...headers, etag: asset.tag, vary: 'accept-encoding' }
  if (c.req.header('if-none-match')?.includes(asset.tag)) return c.body(null, 304, shared)
  const packing = packingIn(c.req.header('accept-encoding'))
  const type = { 'content-type': asset.type }
  if (!packing) return c.body(asset.plain, 200, { ...shared, ...type })
  return c.body(packed(asset, packing), 200, { ...shared, ...type, 'content-encoding': packing })
}

function packingIn(header = ''): Packing | undefined {
  const taken = header.split(',').map((part) => part.trim())
  return (['br', 'gzip'] as const).find((packing) => taken.some((part) => part.split(';')[0] === packing))
}

function packed({ plain, packed: known }: Asset, packing: Packing): Buffer<ArrayBuffer> {
  const found = known.get(packing) ?? pack(plain, packing)
  known.set(packing, found)
  return found
}

function pack(plain: Buffer<ArrayBuffer>, packing: Packing): Buffer<ArrayBuffer> {
  if (packing === 'gzip') return gzipSync(plain, { level: 9 })
  return brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } })
}

function readFiles(): ReadonlyMap<string, Asset> {
  const folder = FOLDERS.find((path) => existsSync(join(path, 'index.html')))
  if (folder === undefined) return new Map()
  return new Map(
    readdirSync(folder).map((name) => {
      const plain = readFileSync(join(folder, name))
      const tag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`
      return [
        name,
        { type: TYPES[extname(name)] ?? 'application/octet-stream', plain, tag, packed: new Map() },
      ]
    }),
  )
}
