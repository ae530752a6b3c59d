import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { buildPage } from '../../scripts/page.ts'
import { OPERATIONS } from '../../src/operations/index.ts'
import { HttpServer } from '../support/http.ts'
import { withFolder } from '../support/mcp.ts'
import { testProgram } from '../support/test-programs.ts'

const MOST_SCRIPT_BYTES = 100_000

/** One request by hand: fetch would unpack what comes. */
async function raw(address: string, path: string, headers: Readonly<Record<string, string>> = {}) {
  const { request } = await import('node:http')
  const { promise, resolve, reject } = Promise.withResolvers<{
    status: number
    headers: Readonly<Record<string, unknown>>
    body: Buffer
  }>()
  const asked = request(address + path, { headers }, (response) => {
    const chunks: Buffer[] = []
    response.on('data', (chunk: Buffer) => chunks.push(chunk))
    response.on('end', () =>
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
    )
  })
  asked.on('error', reject).end()
  return promise
}

test('the page is small, is kept as long as it is the same, and lets no other script in', () =>
  withFolder(async (dataDir) => {
    const program = testProgram('main.ts')
    const env = { AGENT_MEMORY_HTTP_API_KEYS: 'secret-key:ann' }
    const server = await HttpServer.start(dataDir, { program, env })
    try {
      const index = await raw(server.address, '/')
      expect(index).toMatchObject({ status: 200, headers: { 'cache-control': 'no-cache' } })
      const policy = String(index.headers['content-security-policy'])
      expect(policy).toContain("default-src 'none'")
      expect(policy).not.toContain('unsafe')
      const html = index.body.toString()
      expect(html).not.toMatch(/<script(?![^>]* src=)|\son\w+=|<style|\sstyle=|https?:/)
      const again = await raw(server.address, '/', { 'if-none-match': String(index.headers['etag']) })
      expect(again).toMatchObject({ status: 304, body: Buffer.alloc(0) })

      const [, script = ''] = /src="(\/page\/main-[^"]+\.js)"/.exec(html) ?? []
      const plain = await raw(server.address, script)
      expect(plain.headers).toMatchObject({
        'content-type': 'text/javascript; charset=utf-8',
        'cache-control': 'public, max-age=31536000, immutable',
        vary: 'accept-encoding',
      })
      for (const [name, unpack] of [
        ['gzip', gunzipSync],
        ['br', brotliDecompressSync],
      ] as const) {
        const packed = await raw(server.address, script, { 'accept-encoding': name })
        expect(packed.headers['content-encoding']).toBe(name)
        expect(packed.body.length).toBeLessThan(MOST_SCRIPT_BYTES)
        expect(unpack(packed.body)).toEqual(plain.body)
      }
      expect((await raw(server.address, '/page/..%2Fmain.js')).status).not.toBe(200)
      expect((await raw(server.address, '/page/nothing.js')).status).toBe(401)
    } finally {
      await server.close()
    }
  }))

test('what checks arguments on the server does not go to the browser', async () => {
  const { inputs } = await buildPage()
  expect(
    inputs.filter((input) => /node_modules\/zod\/|src\/(operations|services|store)\//.test(input)),
  ).toEqual([])
})

test('the page asks only for what the catalogue has', async () => {
  const { readFileSync } = await import('node:fs')
  const text = readFileSync(new URL('../../src/page/client/answers.ts', import.meta.url), 'utf8')
  const known = new Set(OPERATIONS.flatMap(({ routes }) => routes as readonly string[]))
  const asked = [...text.matchAll(/^ {2}'((?:GET|POST|PATCH|DELETE) \/v1\/[^']+)'/gm)].map(
    ([, route]) => route ?? '',
  )
  const kinds = [...text.matchAll(/^ {2}'(\w+) (\{id\}[^']*)'/gm)].map(
    ([, method, path]) => `${method} /v1/guidelines/${path}`,
  )
  expect(asked.length).toBeGreaterThan(10)
  expect([...asked, ...kinds].filter((route) => !known.has(route))).toEqual([])
})
