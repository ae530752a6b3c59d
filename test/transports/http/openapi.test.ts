import { createConfig, lintFromString } from '@redocly/openapi-core'
import { expect, test } from 'vitest'
import { OPERATIONS } from '../../../src/operations/index.ts'
import { openApiDocument } from '../../../src/transports/http/openapi/document.ts'
import { withPort } from '../../support/http.ts'

type Json = Readonly<Record<string, unknown>>

/** What a linter that many use has against it. */
async function problemsOf(document: Json): Promise<string[]> {
  const config = await createConfig({ extends: ['recommended'] })
  const source = JSON.stringify(document)
  const problems = await lintFromString({ source, absoluteRef: 'openapi.json', config })
  return problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer}`)
}

test('the document is served without a key, and has nothing that a linter minds', () =>
  withPort({ env: { AGENT_MEMORY_HTTP_API_KEYS: 'k1:alice' } }, async (port) => {
    const { status, body } = await port.ask('GET /openapi.json')
    expect(status).toBe(200)
    expect(body).toMatchObject({ openapi: '3.1.0', servers: [{ url: port.address }] })
    expect(await problemsOf(body)).toEqual([])
  }))

test('the linter sees what is wrong', async () => {
  const document = openApiDocument('http://localhost')
  const paths = { ...(document['paths'] as Json), '/v1/odd/{id}': { get: { responses: {} } } }
  expect(await problemsOf({ ...document, paths })).not.toEqual([])
})

test('every route of the catalogue is in it, once', () => {
  const paths = openApiDocument('http://localhost')['paths'] as Readonly<Record<string, Json>>
  const listed = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  )
  expect(listed.toSorted()).toEqual(OPERATIONS.flatMap(({ routes }) => [...routes]).toSorted())
})
