import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openApiDocument } from '../../../src/transports/http/openapi/document.ts'
import { anyCharacter } from '../../support/any-character.ts'
import { openTestApp, type TestApp } from '../../support/app.ts'
import { type OpenPort, openPort } from '../../support/http.ts'
import { fill } from '../../support/one-of-everything.ts'

// The API against its own description: requests made from the schemas of /openapi.json, right ones and wrong ones.

type Json = Readonly<Record<string, unknown>>

interface Schema {
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly additionalProperties?: Schema | boolean
  readonly format?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly maxItems?: number
  readonly maxLength?: number
}

interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required?: boolean
  readonly schema?: Schema
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>
}

interface Described {
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }
  readonly responses: Readonly<Record<string, unknown>>
}

const DOCUMENT = openApiDocument('http://localhost')
const PATHS = DOCUMENT['paths'] as Readonly<Record<string, Readonly<Record<string, Described>>>>
const ROUTES = Object.entries(PATHS).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, described]) => ({ path, method: method.toUpperCase(), described })),
)

let t: TestApp
let port: OpenPort
/** Ids that stand for something. */
let ids: string[] = []

// A connection each: on a busy machine one that waited would be closed under the next request.
const HEADERS = { authorization: 'Bearer of-the-administrator', connection: 'close' }

beforeAll(async () => {
  t = await openTestApp({
    env: { AGENT_MEMORY_HTTP_ADMIN_KEY: 'of-the-administrator', AGENT_MEMORY_RATE_LIMIT: 'false' },
  })
  await fill(t)
  port = await openPort(t)
  const answers = await Promise.all(
    ['/v1/entries?everywhere=true&limit=50', '/v1/scopes?limit=50', '/v1/conflicts'].map((path) =>
      port.ask(`GET ${path}`, undefined, HEADERS),
    ),
  )
  ids = [...JSON.stringify(answers.map(({ body }) => body)).matchAll(/"id":"([0-9a-f-]{36})"/g)].map(
    ([, id = '']) => id,
  )
})
afterAll(async () => {
  await port.close()
  await t.close()
})

const RUNS = 8
const NASTY = [
  '',
  ' ',
  '\u0000',
  '\ud800',
  '../..',
  'x'.repeat(5_000),
  '__proto__',
  '{}',
  'null',
  '🦭',
  '%00',
  '٣',
]
const WAITS = /^(timeout_ms|wait_ms)$/

/** A value that the schema has room for; of some arguments one that means something here. */
function fitting(schema: Schema, name = ''): fc.Arbitrary<unknown> {
  if (WAITS.test(name)) return fc.integer({ min: 0, max: 5 })
  if (/(^|_)(id|cursor)$/.test(name)) return fc.oneof(fc.constantFrom(...ids), fc.uuid())
  if (/^file_path$/.test(name)) return fc.constantFrom('/srv/a.ts', '/srv/shop/b.ts', '/tmp/c')
  if (/^root_path$/.test(name)) return fc.constantFrom('/srv/d', '/srv/e')
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum) return fc.constantFrom(...schema.enum)
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((one) => fitting(one, name)))
  return ofType(schema, name)
}

function ofType(schema: Schema, name: string): fc.Arbitrary<unknown> {
  const { type, minimum = -1_000, maximum = 1_000_000, maxItems = 3 } = schema
  switch (typeof type === 'object' ? type[0] : type) {
    case 'string':
      if (schema.format === 'date-time')
        return fc.date({ noInvalidDate: true }).map((date) => date.toISOString())
      return fc.oneof(
        fc.constantFrom('money', 'git', 'shop'),
        fc.string({ unit: anyCharacter, maxLength: 30 }),
      )
    case 'integer':
      return fc.integer({ min: Math.max(minimum, -(2 ** 31)), max: Math.min(maximum, 2 ** 31 - 1) })
    case 'number':
      return fc.double({ min: minimum, max: maximum, noNaN: true })
    case 'boolean':
      return fc.boolean()
    case 'array':
      return fc.array(fitting(schema.items ?? {}, name.replace(/s$/, '')), {
        maxLength: Math.min(maxItems, 3),
      })
    case 'object':
      return objectOf(schema)
    default:
      return fc.jsonValue({ maxDepth: 2 })
  }
}

function objectOf({ properties, required = [], additionalProperties }: Schema): fc.Arbitrary<unknown> {
  if (!properties) {
    const value =
      typeof additionalProperties === 'object' ? fitting(additionalProperties) : fc.jsonValue({ maxDepth: 1 })
    return fc.dictionary(fc.string({ maxLength: 8 }), value, { maxKeys: 3, noNullPrototype: true })
  }
  const parts = Object.fromEntries(
    Object.entries(properties).map(([name, one]) => [name, fitting(one, name)]),
  )
  const whole = fc.record(parts, { requiredKeys: required as never[], noNullPrototype: true })
  return 'scope_id' in properties && 'scope_type' in properties ? fc.oneof(whole, whole.map(inGlobal)) : whole
}

/** Ids and types by chance would name a scope once in a hundred times. */
function inGlobal({ scope_id: _id, ...rest }: Json): Json {
  return { ...rest, scope_type: 'global' }
}

const anything = fc.oneof(fc.constantFrom<unknown>(...NASTY), fc.jsonValue({ maxDepth: 2 }), fc.double())

interface Request {
  readonly path: Readonly<Record<string, unknown>>
  readonly query: Readonly<Record<string, unknown>>
  readonly body: Readonly<Record<string, unknown>>
  /** What is done to it beside. */
  readonly spoilt?: 'body is no JSON' | 'body is a list' | 'another type' | 'If-Match'
}

/** Requests as the document describes them. */
function rightRequests({ parameters = [], requestBody }: Described): fc.Arbitrary<Request> {
  const place = (where: Parameter['in']) => {
    const own = parameters.filter((parameter) => parameter.in === where)
    const schemas = own.map(({ name, schema, content }) => [
      name,
      schema ?? content?.['application/json']?.schema ?? {},
    ])
    const required = own.filter((parameter) => parameter.required).map(({ name }) => name)
    return objectOf({ properties: Object.fromEntries(schemas) as Record<string, Schema>, required })
  }
  const body = requestBody?.content['application/json']?.schema
  return fc.record({
    path: place('path'),
    query: place('query'),
    body: body ? objectOf(body) : fc.constant({}),
  }) as fc.Arbitrary<Request>
}

/** The same with something wrong in it, or not: who knows. */
function wrongRequests(described: Described): fc.Arbitrary<Request> {
  const names = [
    ...(described.parameters ?? []).filter((one) => one.in !== 'header').map(({ name }) => name),
    ...Object.keys(described.requestBody?.content['application/json']?.schema.properties ?? {}),
    ...NASTY,
  ].filter((name) => !WAITS.test(name))
  const spoilt = fc.option(
    fc.constantFrom(
      'body is no JSON' as const,
      'body is a list' as const,
      'another type' as const,
      'If-Match' as const,
    ),
    { nil: undefined },
  )
  const changes = fc.dictionary(fc.constantFrom(...names), anything, { maxKeys: 3, noNullPrototype: true })
  return fc
    .tuple(rightRequests(described), changes, spoilt, fc.boolean())
    .map(([request, changed, how, isLess]) => {
      const hasBody = described.requestBody !== undefined
      const part = { ...(isLess ? {} : hasBody ? request.body : request.query), ...changed }
      const inPath = Object.keys(request.path).filter((name) => name in changed)
      return {
        path: { ...request.path, ...Object.fromEntries(inPath.map((name) => [name, changed[name]])) },
        query: hasBody ? request.query : part,
        body: hasBody ? part : request.body,
        ...(how && { spoilt: how }),
      }
    })
}

async function send(
  method: string,
  pattern: string,
  request: Request,
): Promise<{ status: number; type: string; body: unknown }> {
  const path = pattern.replace(/\{(\w+)\}/g, (_, name: string) => encoded(request.path[name]) || 'x')
  const query = Object.entries(request.query).map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
  const hasBody = method === 'POST' || method === 'PATCH'
  const text =
    request.spoilt === 'body is no JSON'
      ? '{"a":'
      : JSON.stringify(request.spoilt === 'body is a list' ? [request.body] : request.body)
  const response = await fetch(`${port.address}${path}${query.length > 0 ? `?${query.join('&')}` : ''}`, {
    method,
    headers: {
      ...HEADERS,
      ...(hasBody && {
        'content-type': request.spoilt === 'another type' ? 'text/plain' : 'application/json',
      }),
      ...(request.spoilt === 'If-Match' && { 'if-match': '"1"' }),
    },
    ...(hasBody && { body: text }),
  })
  const answer = await response.text()
  return {
    status: response.status,
    type: response.headers.get('content-type') ?? '',
    body: JSON.parse(answer),
  }
}

function encoded(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  return encodeURIComponent(text.toWellFormed())
}

const ajv = new Ajv2020({ strict: false, validateFormats: false })
ajv.addSchema({ ...DOCUMENT, $id: 'openapi' })
const validators = new Map<string, ValidateFunction>()

/** How the document describes an answer of that status. */
function validatorOf({ method, path, described }: (typeof ROUTES)[number], status: number): ValidateFunction {
  const name = String(status) in described.responses ? String(status) : 'default'
  const pointer = [
    'paths',
    path,
    method.toLowerCase(),
    'responses',
    name,
    'content',
    'application/json',
    'schema',
  ]
  const place =
    status < 400
      ? pointer.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')
      : 'components/schemas/Problem'
  const known = validators.get(place) ?? ajv.compile({ $ref: `openapi#/${place}` })
  validators.set(place, known)
  return known
}

async function holds(route: (typeof ROUTES)[number], request: Request, statuses: Set<number>): Promise<void> {
  const { status, type, body } = await send(route.method, route.path, request)
  statuses.add(status)
  const told = { asked: `${route.method} ${route.path} ${JSON.stringify(request)}`, status, body }
  expect(status, JSON.stringify(told)).toBeLessThan(500)
  expect({ ...told, type }).toEqual({
    ...told,
    type: status < 400 ? 'application/json' : 'application/problem+json',
  })
  const validate = validatorOf(route, status)
  expect({ ...told, problems: validate(body) ? [] : validate.errors }).toEqual({ ...told, problems: [] })
  if (status >= 400)
    expect(body).toMatchObject({
      status,
      type: `urn:agent-memory:error:${(body as { error: Json }).error['code']}`,
    })
}

describe.each(ROUTES.map((route) => [`${route.method} ${route.path}`, route] as const))(
  '%s',
  (_name, route) => {
    test('answers what it is described to take as it is described, and refuses the rest with a problem', async () => {
      const statuses = new Set<number>()
      const right = fc.asyncProperty(
        fc.constant(0).chain(() => rightRequests(route.described)),
        (request) => holds(route, request, statuses),
      )
      await fc.assert(right, { numRuns: RUNS })
      const wrong = fc.asyncProperty(
        fc.constant(0).chain(() => wrongRequests(route.described)),
        (request) => holds(route, request, statuses),
      )
      await fc.assert(wrong, { numRuns: RUNS })
      // The server is alive.
      expect((await port.ask('GET /health')).body).toMatchObject({ status: 'healthy' })
    })
  },
)

test('the answers were compared with what is described', () => {
  const described = [...validators.keys()].filter((place) => place.startsWith('paths'))
  expect(described.length).toBeGreaterThan(ROUTES.length / 3)
  const [validate] = validators.values()
  expect(validate?.({ nothing: true })).toBe(false)
})
