import { z } from 'zod'
import { ERRORS, type ErrorName } from '../../../domain/errors.ts'
import { TOOLS } from '../../../domain/toolsets.ts'
import type { Operation } from '../../../operations/define.ts'
import { VERSION } from '../../../version.ts'
import { type RestRoute, ROUTES } from '../rest/routes.ts'

type Json = Readonly<Record<string, unknown>>
type Schema = z.core.JSONSchema.BaseSchema

/** All of REST as OpenAPI 3.1, from the operations alone. */
export function openApiDocument(address: string): Json {
  const paths = Map.groupBy(ROUTES, ({ path }) => path)
  return {
    openapi: '3.1.0',
    info: {
      title: 'Agent Memory',
      version: VERSION,
      summary: 'A memory that AI agents keep and share.',
      description:
        'One route for each operation. Arguments may stand in the query or in a JSON body; refusals are RFC 9457 problems that carry the error of every other way in.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: address }],
    security: [{ bearer: [] }, { apiKey: [] }, {}],
    tags: Object.entries(TOOLS).map(([tool, { description }]) => ({ name: tagOf(tool), description })),
    paths: Object.fromEntries(
      [...paths].map(([path, routes]) => [
        path,
        Object.fromEntries(routes.map((route) => [route.method.toLowerCase(), operationObject(route)])),
      ]),
    ),
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'A key of agent-memory key create' },
        apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
      },
      schemas: { Problem: PROBLEM },
      responses: {
        Problem: { description: 'Refused', content: { 'application/problem+json': PROBLEM_BODY } },
      },
    },
  }
}

function operationObject(route: RestRoute): Json {
  const { operation, method } = route
  const { summary, hints } = operation
  const hasBody = method !== 'GET' && method !== 'DELETE'
  const parameters = [
    ...pathParameters(route),
    ...(hasBody ? [] : queryParameters(route)),
    ...headerParameters(operation),
  ]
  return {
    operationId: operationId(route),
    summary,
    tags: [tagOf(operation.tool)],
    ...(parameters.length > 0 && { parameters }),
    ...(hasBody && { requestBody: body(route) }),
    responses: responses(route),
    'x-read-only': hints.readOnly,
  }
}

/** A tool's name without what all of them begin with. */
function tagOf(tool: string): string {
  return tool.replace(/^memory_/, '')
}

/** An operation with two routes is called by its first one alone. */
function operationId({ operation, method, path }: RestRoute): string {
  const name = operation.action === null ? operation.tool : `${operation.tool}_${operation.action}`
  return operation.routes[0] === `${method} ${path}` ? name : `${name}_by_${method.toLowerCase()}`
}

function pathParameters({ parameters, operation }: RestRoute): Json[] {
  const { properties = {} } = inputSchema(operation)
  return parameters.map((name) => ({
    name,
    in: 'path',
    required: true,
    schema: { ...schemaOf(properties[name]), type: 'string' },
  }))
}

function queryParameters({ parameters, operation }: RestRoute): Json[] {
  const { properties = {}, required = [] } = inputSchema(operation)
  return Object.entries(properties)
    .filter(([name]) => !parameters.includes(name))
    .map(([name, given]) => {
      const { description, ...schema } = schemaOf(given)
      return {
        name,
        in: 'query',
        ...(description !== undefined && { description }),
        ...(required.includes(name) && { required: true }),
        ...howGiven(schema),
      }
    })
}

/** A list is a name that is there several times; what has parts is their JSON. */
function howGiven(schema: Schema): Json {
  const isNested = schema.type === 'object' || schema.anyOf !== undefined
  return isNested ? { content: { 'application/json': { schema } } } : { schema, style: 'form', explode: true }
}

function headerParameters({ hints, input }: Operation): Json[] {
  const text = (name: string, description: string) => ({
    name,
    in: 'header',
    description,
    schema: { type: 'string' },
  })
  return [
    ...('base_version' in input.shape
      ? [text('If-Match', 'An ETag: change nothing that is another version by now (412)')]
      : []),
    ...(hints.readOnly
      ? []
      : [text('Idempotency-Key', 'A text of your own: the same request with it is done once, for a day')]),
  ]
}

function body({ parameters, operation }: RestRoute): Json {
  const { properties = {}, required = [], ...rest } = inputSchema(operation)
  const own = Object.entries(properties).filter(([name]) => !parameters.includes(name))
  const needed = required.filter((name) => !parameters.includes(name))
  const schema = {
    ...rest,
    properties: Object.fromEntries(own),
    ...(needed.length > 0 && { required: needed }),
  }
  return { required: needed.length > 0, content: { 'application/json': { schema } } }
}

function responses({ operation, makesAt }: RestRoute): Json {
  const answer = {
    description: 'Done',
    headers: { 'X-Request-Id': { schema: { type: 'string' } }, ...etag(operation) },
    content: { 'application/json': { schema: outputSchema(operation) } },
  }
  const made = {
    ...answer,
    description: 'Made',
    headers: { ...answer.headers, Location: { schema: { type: 'string' } } },
  }
  return {
    '200': answer,
    ...(makesAt !== undefined && { '201': made }),
    ...Object.fromEntries(
      refusals(operation).map((status) => [status, { $ref: '#/components/responses/Problem' }]),
    ),
    // `default` would do in one line, but generated clients take it for one more thing that a success may be.
    '4XX': { $ref: '#/components/responses/Problem' },
    '5XX': { $ref: '#/components/responses/Problem' },
  }
}

function etag({ input }: Operation): Json {
  return 'id' in input.shape || 'name' in input.shape
    ? { ETag: { description: 'The version, where it has one', schema: { type: 'string' } } }
    : {}
}

const ALWAYS: readonly ErrorName[] = [
  'INVALID_PARAMETER',
  'UNAUTHENTICATED',
  'RATE_LIMITED',
  'DATABASE_ERROR',
]

function refusals({ input, hints }: Operation): string[] {
  const statuses = ALWAYS.map((name) => ERRORS[name].http)
  const more = [
    ...('id' in input.shape ? [404] : []),
    ...(hints.readOnly ? [] : [409, 413]),
    ...('base_version' in input.shape ? [412] : []),
  ]
  return [...new Set([...statuses, ...more])].sort((a, b) => a - b).map(String)
}

/** The arguments; the caller's agent is one of them wherever no key names it. */
function inputSchema({ input }: Operation): Schema {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' })
  const agent = { type: 'string', description: 'Who calls, where no key says it' } as const
  const plain = withoutMarks(schema)
  return { ...plain, properties: { ...plain.properties, agent_id: plain.properties?.['agent_id'] ?? agent } }
}

function outputSchema({ output }: Operation): Schema {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(output, { io: 'output', unrepresentable: 'any' })
  // What the pipeline may add to any answer stands beside it.
  return loose(withoutMarks(schema))
}

function loose(schema: Schema): Schema {
  const { additionalProperties: _closed, ...open } = schema
  return open.anyOf ? { ...open, anyOf: open.anyOf.map((part) => loose(schemaOf(part))) } : open
}

/** Without what only our own reader of arguments goes by. */
function withoutMarks(schema: Schema): Schema {
  return JSON.parse(JSON.stringify(schema, (key, value) => (MARKS.has(key) ? undefined : value))) as Schema
}

const MARKS = new Set(['listMeans', 'anyJson'])

function schemaOf(value: unknown): Schema {
  return typeof value === 'object' && value !== null ? (value as Schema) : {}
}

const PROBLEM: Json = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'error'],
  properties: {
    type: { type: 'string', format: 'uri' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    error: {
      type: 'object',
      required: ['code', 'name', 'message'],
      properties: {
        code: { type: 'string', enum: Object.values(ERRORS).map(({ code }) => code) },
        name: { type: 'string', enum: Object.keys(ERRORS) },
        message: { type: 'string' },
        details: { type: 'object' },
        suggestion: { type: 'string' },
      },
    },
  },
}

const PROBLEM_BODY = { schema: { $ref: '#/components/schemas/Problem' } }
