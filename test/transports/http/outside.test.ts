import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readConfig } from '../../../src/config.ts'
import { withPort } from '../../support/http.ts'
import { makeCertificates } from '../../support/tls.ts'

const PAGE = 'https://team.example.com'
const KEY = { authorization: 'Bearer key-of-bob' }
const ENV = { AGENT_MEMORY_HTTP_API_KEYS: 'key-of-bob:bob' }

test('a page of another host may ask nothing, before a key or with one', () =>
  withPort({ env: ENV }, async (port) => {
    for (const line of ['OPTIONS /v1/guidelines', 'GET /v1/guidelines', 'GET /openapi.json']) {
      const { status, headers } = await port.ask(line, undefined, { ...KEY, origin: PAGE })
      expect({ line, status }).toEqual({ line, status: 403 })
      expect(headers.get('access-control-allow-origin')).toBeNull()
    }
  }))

test('a page of an origin that is set may ask, and read what it needs, also of a refusal', () =>
  withPort({ env: { ...ENV, AGENT_MEMORY_HTTP_ALLOWED_ORIGINS: PAGE } }, async (port) => {
    const preflight = await port.ask('OPTIONS /v1/guidelines', undefined, {
      origin: PAGE,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type,if-match',
    })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-origin')).toBe(PAGE)
    expect(preflight.headers.get('access-control-allow-headers')).toContain('if-match')
    for (const headers of [KEY, {}]) {
      const answer = await port.ask('GET /v1/guidelines', undefined, { ...headers, origin: PAGE })
      expect(answer.headers.get('access-control-allow-origin')).toBe(PAGE)
      expect(answer.headers.get('access-control-expose-headers')).toContain('etag')
      // No cookies: a key is typed, or kept by the page.
      expect(answer.headers.get('access-control-allow-credentials')).toBeNull()
    }
    const other = await port.ask('GET /v1/guidelines', undefined, {
      ...KEY,
      origin: 'https://evil.example.com',
    })
    expect(other.status).toBe(403)
  }))

test('too many calls are answered 429 with when to come again, each agent for itself', () =>
  withPort(
    {
      env: {
        AGENT_MEMORY_HTTP_API_KEYS: 'key-of-bob:bob,key-of-ann:ann',
        AGENT_MEMORY_RATE_LIMIT: 'true',
        AGENT_MEMORY_RATE_LIMIT_PER_AGENT: '3',
      },
    },
    async (port) => {
      const ask = (headers: Record<string, string>) => port.ask('GET /v1/scopes', undefined, headers)
      for (let n = 0; n < 3; n++) expect((await ask(KEY)).status).toBe(200)
      const { status, headers, body } = await ask(KEY)
      expect(status).toBe(429)
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
      expect(body).toMatchObject({ error: { name: 'RATE_LIMITED', details: { limit_of: 'agent' } } })
      expect((await ask({ authorization: 'Bearer key-of-ann' })).status).toBe(200)
    },
  ))

test('every answer has the headers that keep browsers from guessing', () =>
  withPort({ env: ENV }, async (port) => {
    for (const line of ['GET /health', 'GET /v1/guidelines', 'GET /nothing']) {
      const { headers } = await port.ask(line)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('x-frame-options')).toBe('SAMEORIGIN')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      // Over plain http it would promise what only a proxy can keep.
      expect(headers.get('strict-transport-security')).toBeNull()
    }
  }))

test('with a certificate it speaks https itself, and says that it stays so', () =>
  withCertificate(({ ca, cert, key }) =>
    withPort(
      { env: { ...ENV, AGENT_MEMORY_HTTP_TLS_CERT: cert, AGENT_MEMORY_HTTP_TLS_KEY: key } },
      async (port) => {
        expect(port.address).toMatch(/^https:/)
        const answer = await overTls(port.address.replace('127.0.0.1', 'localhost'), ca)
        expect(answer).toMatchObject({
          status: 200,
          headers: { 'strict-transport-security': 'max-age=31536000' },
        })
        await expect(overTls(port.address.replace('127.0.0.1', 'localhost'), undefined)).rejects.toThrow()
        await expect(fetch(`${port.address.replace('https', 'http')}/health`)).rejects.toThrow()
      },
    ),
  ))

test('a certificate without its key, or the other way round, is refused by its variable', () =>
  withCertificate(async ({ cert, key }) => {
    expect(() => readConfig({ AGENT_MEMORY_HTTP_TLS_CERT: cert })).toThrow(/AGENT_MEMORY_HTTP_TLS_CERT/)
    expect(() => readConfig({ AGENT_MEMORY_HTTP_TLS_KEY: key })).toThrow(/AGENT_MEMORY_HTTP_TLS_KEY/)
    expect(() => readConfig({ AGENT_MEMORY_HTTP_TLS_CERT: key, AGENT_MEMORY_HTTP_TLS_KEY: key })).toThrow(
      /expected a file with a certificate/,
    )
    const issuer = { AGENT_MEMORY_HTTP_OAUTH_ISSUER: 'https://id.example.com' }
    expect(() => readConfig(issuer)).toThrow(/AGENT_MEMORY_HTTP_OAUTH_ISSUER/)
    expect(() => readConfig({ AGENT_MEMORY_HTTP_OAUTH_ISSUER: 'http://id.example.com' })).toThrow(/https/)
  }))

async function withCertificate(
  body: (files: { ca: string; cert: string; key: string }) => Promise<unknown>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'agent-memory-https-'))
  const { ca, certificate, key } = makeCertificates()
  const [certFile, keyFile] = [join(folder, 'server.crt'), join(folder, 'server.key')]
  writeFileSync(certFile, certificate)
  writeFileSync(keyFile, key)
  try {
    await body({ ca, cert: certFile, key: keyFile })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function overTls(address: string, ca: string | undefined): Promise<{ status?: number; headers: object }> {
  return new Promise((resolve, reject) => {
    const asked = request(`${address}/health`, { ca, agent: false }, (answer) => {
      answer.resume()
      resolve({
        ...(answer.statusCode !== undefined && { status: answer.statusCode }),
        headers: answer.headers,
      })
    })
    asked.on('error', reject).end()
  })
}
