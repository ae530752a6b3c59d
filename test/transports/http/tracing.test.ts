import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { bundled } from '../../../scripts/bundle.ts'
import { readTracing } from '../../../src/config.ts'
import { withHttp } from '../../support/http.ts'

interface Attribute {
  readonly key: string
  readonly value: Readonly<Record<string, unknown>>
}

interface Span {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly attributes: readonly Attribute[]
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly status: { readonly code: number }
}

interface Sent {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] }
    readonly scopeSpans: readonly { readonly spans: readonly Span[] }[]
  }[]
}

/** A receiver of OTLP over HTTP, as a collector is one. */
async function withReceiver(
  body: (address: string, sent: Sent[], headers: string[]) => Promise<void>,
): Promise<void> {
  const sent: Sent[] = []
  const headers: string[] = []
  const server = createServer(async (request, response) => {
    headers.push(`${request.method} ${request.url} ${request.headers['x-team']}`)
    sent.push((await json(request)) as Sent)
    response.setHeader('content-type', 'application/json').end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    await body(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, sent, headers)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

function valuesOf(attributes: readonly Attribute[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))
}

const TRACE = '0af7651916cd43dd8448eb211c80319c'

test('a request is a span in the caller’s trace, and its operation one below it, with the id of the request', () =>
  withReceiver((address, sent, headers) =>
    withHttp(
      {
        env: {
          OTEL_EXPORTER_OTLP_ENDPOINT: address,
          OTEL_EXPORTER_OTLP_HEADERS: 'x-team=blue',
          OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
          AGENT_MEMORY_REDIS_PASSWORD: 'a-password-of-ours',
        },
      },
      async (server) => {
        const made = await server.ask('/v1/guidelines', {
          method: 'POST',
          headers: { 'content-type': 'application/json', traceparent: `00-${TRACE}-b7ad6b7169203331-01` },
          body: JSON.stringify({ scope_type: 'global', name: 'Tabs', content: 'zebrafish', agent_id: 'ann' }),
        })
        await server.ask('/v1/guidelines/a-password-of-ours?agent_id=a-password-of-ours')
        await server.ask('/health')
        server.kill('SIGTERM')
        expect(await server.ended()).toBe(0)
        expect(new Set(headers)).toEqual(new Set(['POST /v1/traces blue']))
        const [resource] = sent.flatMap(({ resourceSpans }) => resourceSpans.map(({ resource }) => resource))
        expect(valuesOf(resource?.attributes ?? [])).toMatchObject({
          'service.name': 'agent-memory',
          'deployment.environment.name': 'test',
        })
        const spans = sent.flatMap(({ resourceSpans }) =>
          resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
        )
        expect(spans.map(({ name }) => name).toSorted()).toEqual([
          'GET',
          'POST',
          'memory_guideline add',
          'memory_guideline get',
        ])
        const named = (name: string) => spans.find((span) => span.name === name) as Span
        const [post, add, get] = [named('POST'), named('memory_guideline add'), named('memory_guideline get')]
        expect(post).toMatchObject({ traceId: TRACE, parentSpanId: 'b7ad6b7169203331' })
        expect(add).toMatchObject({ traceId: TRACE, parentSpanId: post.spanId })
        expect(BigInt(add.endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(add.startTimeUnixNano))
        expect(valuesOf(post.attributes)).toEqual({
          'http.request.method': 'POST',
          'url.path': '/v1/guidelines',
          'http.response.status_code': 201,
          'agent_memory.request_id': made.headers.get('x-request-id'),
        })
        expect(valuesOf(add.attributes)).toEqual({
          'agent_memory.agent_id': 'ann',
          'agent_memory.request_id': made.headers.get('x-request-id'),
        })
        expect(valuesOf(get.attributes)).toMatchObject({ 'error.type': 'NOT_FOUND' })
        expect(get.status.code).toBe(2)
        // What is stored is in no span, nor is a secret of the settings that somebody put into an address.
        expect(JSON.stringify(sent)).not.toMatch(/zebrafish|a-password-of-ours/)
      },
    ),
  ))

test('a receiver that is not there costs no caller an answer, nor the end', () =>
  withHttp(
    { env: { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://127.0.0.1:9/v1/traces' } },
    async (server) => {
      expect(await server.ask('/v1/health')).toMatchObject({ status: 200 })
      server.kill('SIGTERM')
      expect(await server.ended()).toBe(0)
    },
  ))

test.each([
  [{}, undefined],
  [{ OTEL_SERVICE_NAME: 'x' }, undefined],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a', OTEL_SDK_DISABLED: 'true' }, undefined],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a', OTEL_TRACES_EXPORTER: 'none' }, undefined],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a' }, { share: 1, followsParent: true }],
  [
    {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a',
      OTEL_TRACES_SAMPLER: 'traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '0.25',
    },
    { share: 0.25, followsParent: false },
  ],
  [
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a', OTEL_TRACES_SAMPLER: 'parentbased_always_off' },
    { share: 0, followsParent: true },
  ],
])('what the variables say: %o', (env, settings) => {
  expect(readTracing(env)).toEqual(settings)
})

test('nothing of it is loaded but with the variables: its packages are in a part of the program that one import brings', async () => {
  const chunks = await bundled({ entries: { program: 'src/main.ts' } })
  // The bare interfaces are in the metrics' and Redis' own packages.
  const traced = chunks.filter(({ moduleIds }) =>
    moduleIds.some((path) => /@opentelemetry\/(?!api\/)/.test(path)),
  )
  const opener = chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith('http/tracing/open.ts'))
  const names = traced.map(({ fileName }) => fileName)
  expect(names.length).toBeGreaterThan(0)
  const others = chunks.filter(({ fileName }) => !names.includes(fileName))
  expect(others.flatMap(({ imports }) => imports).filter((name) => names.includes(name))).toEqual([])
  const lazily = others.flatMap(({ dynamicImports }) => dynamicImports).filter((name) => names.includes(name))
  expect(lazily).toEqual([opener?.fileName])
})
