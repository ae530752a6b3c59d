import {
  CLIENT_CAPABILITIES_META_KEY,
  createRequestStateCodec,
  fromJsonSchema,
  inputRequired,
  inputResponse,
  McpServer,
  ResourceTemplate,
  type ServerContext,
} from '@modelcontextprotocol/server'
import { z } from 'zod'

// What the conformance suite expects its server to have, by name: a catalogue for the tests alone, served by our HTTP in the
// place of our own tools. Nothing of it is in the product.

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=='
const WAV = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA='

const text = (words: string) => ({ type: 'text' as const, text: words })
const image = { type: 'image' as const, data: PNG, mimeType: 'image/png' }
const resource = (uri: string, mimeType: string, words: string) => ({
  type: 'resource' as const,
  resource: { uri, mimeType, text: words },
})

/** Seals what a client carries from one round to the next. */
const sealed = createRequestStateCodec<{ readonly round: number }>({ key: 'k'.repeat(32) })

/** A server with all of it, for one connection of either revision. */
export function fixtureServer(): McpServer {
  const server = new McpServer(
    { name: 'fixtures', version: '1' },
    {
      capabilities: { logging: {}, resources: { subscribe: true }, completions: {} },
      requestState: { verify: sealed.verify },
    },
  )
  addContents(server)
  addNews(server)
  addQuestions(server)
  addRounds(server)
  addSchemas(server)
  addResources(server)
  addPrompts(server)
  return server
}

function addContents(server: McpServer): void {
  const answers = {
    test_simple_text: [text('This is a simple text response for testing.')],
    test_image_content: [image],
    test_audio_content: [{ type: 'audio' as const, data: WAV, mimeType: 'audio/wav' }],
    test_embedded_resource: [
      resource('test://embedded-resource', 'text/plain', 'This is an embedded resource content.'),
    ],
    test_multiple_content_types: [
      text('Multiple content types test:'),
      image,
      resource('test://mixed-content-resource', 'application/json', '{"test":"data","value":123}'),
    ],
  }
  for (const [name, content] of Object.entries(answers))
    server.registerTool(name, { description: name }, () => ({ content }))
  server.registerTool('test_error_handling', { description: 'Fails' }, () => {
    throw new Error('This tool intentionally returns an error for testing')
  })
}

/** Tools that tell of their work. */
function addNews(server: McpServer): void {
  const logging = async ({ mcpReq }: ServerContext) => {
    for (const words of ['Tool execution started', 'Tool processing data', 'Tool execution completed'])
      await mcpReq.log('info', words)
    return { content: [text('done')] }
  }
  server.registerTool('test_tool_with_logging', { description: 'Logs' }, logging)
  server.registerTool('test_logging_tool', { description: 'Logs' }, logging)
  server.registerTool('test_tool_with_progress', { description: 'Progresses' }, async ({ mcpReq }) => {
    const token = mcpReq._meta?.progressToken
    for (const progress of token === undefined ? [] : [0, 50, 100])
      await mcpReq.notify({
        method: 'notifications/progress',
        params: { progressToken: token, progress, total: 100 },
      })
    return { content: [text('done')] }
  })
}

const USER = {
  type: 'object' as const,
  properties: {
    username: { type: 'string' as const, description: "User's response" },
    email: { type: 'string' as const, description: "User's email address" },
  },
  required: ['username', 'email'],
}

const DEFAULTS = {
  type: 'object' as const,
  properties: {
    name: { type: 'string' as const, default: 'John Doe' },
    age: { type: 'integer' as const, default: 30 },
    score: { type: 'number' as const, default: 95.5 },
    status: {
      type: 'string' as const,
      enum: ['active', 'inactive', 'pending'],
      default: 'active',
    },
    verified: { type: 'boolean' as const, default: true },
  },
}

const OPTIONS = ['option1', 'option2', 'option3']
const TITLED = ['First', 'Second', 'Third'].map((word, at) => ({ const: `value${at + 1}`, title: word }))
const ENUMS = {
  type: 'object' as const,
  properties: {
    untitledSingle: { type: 'string' as const, enum: OPTIONS },
    titledSingle: { type: 'string' as const, oneOf: TITLED },
    legacyEnum: {
      type: 'string' as const,
      enum: ['opt1', 'opt2', 'opt3'],
      enumNames: ['Option One', 'Option Two', 'Option Three'],
    },
    untitledMulti: { type: 'array' as const, items: { type: 'string' as const, enum: OPTIONS } },
    titledMulti: { type: 'array' as const, items: { anyOf: TITLED } },
  },
}

/** Tools that ask the client over the stream of their call, as clients of 2025 are asked. */
function addQuestions(server: McpServer): void {
  const asked = async (mcpReq: ServerContext['mcpReq'], message: string, requestedSchema: typeof USER) => {
    const { action, content } = await mcpReq.elicitInput({ message, requestedSchema })
    return {
      content: [text(`Elicitation completed: action=${action}, content=${JSON.stringify(content)}`)],
    }
  }
  server.registerTool(
    'test_elicitation',
    { description: 'Asks the user', inputSchema: z.object({ message: z.string() }) },
    ({ message }, { mcpReq }) => asked(mcpReq, message, USER),
  )
  for (const [name, schema] of [
    ['test_elicitation_sep1034_defaults', DEFAULTS],
    ['test_elicitation_sep1330_enums', ENUMS],
  ] as const)
    server.registerTool(name, { description: 'Asks the user' }, ({ mcpReq }) =>
      asked(mcpReq, 'Please choose', schema as never),
    )
  server.registerTool(
    'test_sampling',
    { description: 'Asks the model', inputSchema: z.object({ prompt: z.string() }) },
    async ({ prompt }, { mcpReq }) => {
      const messages = [{ role: 'user' as const, content: text(prompt) }]
      const { content } = await mcpReq.requestSampling({ messages, maxTokens: 100 })
      return { content: [text(`LLM response: ${JSON.stringify(content)}`)] }
    },
  )
}

/** What a client of 2026 says that it can. */
function abilitiesOf({ mcpReq: { envelope } }: ServerContext): Readonly<Record<string, unknown>> {
  const said: Readonly<Record<string, unknown>> = envelope ?? {}
  return (said[CLIENT_CAPABILITIES_META_KEY] ?? {}) as Record<string, unknown>
}

type Field = { readonly type: 'string' } | { readonly type: 'boolean' }

const form = (message: string, properties: Readonly<Record<string, Field>>) =>
  inputRequired.elicit({
    message,
    requestedSchema: { type: 'object', properties: { ...properties }, required: Object.keys(properties) },
  })
const NAME = form('What is your name?', { name: { type: 'string' } })

type Answers = ServerContext['mcpReq']['inputResponses']

/** The field of an accepted form; undefined for everything else. */
function accepted(answers: Answers, key: string, field: string): unknown {
  const view = inputResponse(answers, key)
  return view.kind === 'elicit' && view.action === 'accept' ? view.content?.[field] : undefined
}

/** Tools that answer what they still need, as clients of 2026 are asked. */
function addRounds(server: McpServer): void {
  const tool = (name: string, run: (answers: Answers, ctx: ServerContext) => unknown) =>
    server.registerTool(name, { description: 'Needs more' }, async (ctx) => {
      const found = await run(ctx.mcpReq.inputResponses, ctx)
      return typeof found === 'string' ? { content: [text(found)] } : (found as never)
    })
  const greet = (answers: Answers) => {
    const name = accepted(answers, 'user_name', 'name')
    return typeof name === 'string'
      ? `Hello, ${name}!`
      : inputRequired({ inputRequests: { user_name: NAME } })
  }
  tool('test_input_required_result_elicitation', greet)
  tool('test_streaming_elicitation', greet)
  const capital = inputRequired.createMessage({
    messages: [{ role: 'user', content: text('What is the capital of France?') }],
    maxTokens: 100,
  })
  tool('test_input_required_result_sampling', (answers) => {
    const view = inputResponse(answers, 'capital_question')
    return view.kind === 'sampling'
      ? JSON.stringify(view.result.content)
      : inputRequired({ inputRequests: { capital_question: capital } })
  })
  tool('test_input_required_result_list_roots', (answers) => {
    const view = inputResponse(answers, 'client_roots')
    return view.kind === 'roots'
      ? JSON.stringify(view.roots)
      : inputRequired({ inputRequests: { client_roots: inputRequired.listRoots() } })
  })
  // A client that has not said that it can is refused by the protocol, before it is asked.
  tool('test_missing_capability', () => inputRequired({ inputRequests: { capital_question: capital } }))
  addSealedRounds(tool)
}

function addSealedRounds(
  tool: (name: string, run: (answers: Answers, ctx: ServerContext) => unknown) => unknown,
): void {
  const roundOf = ({ mcpReq }: ServerContext) => mcpReq.requestState<{ round: number }>()?.round ?? 0
  const confirm = form('Please confirm', { ok: { type: 'boolean' } })
  for (const name of ['request_state', 'tampered_state'])
    tool(`test_input_required_result_${name}`, async (answers, ctx) =>
      roundOf(ctx) === 1 && accepted(answers, 'confirm', 'ok') !== undefined
        ? 'state-ok'
        : inputRequired({
            inputRequests: { confirm },
            requestState: await sealed.mint({ round: 1 }),
          }),
    )
  tool('test_input_required_result_multiple_inputs', async (answers, ctx) => {
    const kinds = ['user_name', 'greeting', 'client_roots'].map((key) => inputResponse(answers, key).kind)
    if (roundOf(ctx) === 1 && !kinds.includes('missing')) return kinds.join(', ')
    const greeting = inputRequired.createMessage({
      messages: [{ role: 'user', content: text('Generate a greeting') }],
      maxTokens: 50,
    })
    const inputRequests = { user_name: NAME, greeting, client_roots: inputRequired.listRoots() }
    return inputRequired({ inputRequests, requestState: await sealed.mint({ round: 1 }) })
  })
  tool('test_input_required_result_multi_round', async (answers, ctx) => {
    const round = roundOf(ctx)
    if (round === 2 && accepted(answers, 'step2', 'color') !== undefined) return 'both steps are done'
    const isFirst = round === 0 || accepted(answers, 'step1', 'name') === undefined
    const inputRequests = isFirst
      ? { step1: form('Step 1: What is your name?', { name: { type: 'string' } }) }
      : { step2: form('Step 2: What is your favorite color?', { color: { type: 'string' } }) }
    return inputRequired({ inputRequests, requestState: await sealed.mint({ round: isFirst ? 1 : 2 }) })
  })
  // Asks a client only what it has said that it can answer.
  tool('test_input_required_result_capabilities', (answers, ctx) => {
    if (answers && Object.keys(answers).length > 0) return 'answered'
    const can = abilitiesOf(ctx)
    const greeting = inputRequired.createMessage({
      messages: [{ role: 'user', content: text('Generate a greeting') }],
      maxTokens: 50,
    })
    const inputRequests = {
      ...(can['elicitation'] !== undefined && { user_name: NAME }),
      ...(can['sampling'] !== undefined && { greeting }),
      ...(can['roots'] !== undefined && { client_roots: inputRequired.listRoots() }),
    }
    return inputRequired({ inputRequests })
  })
}

/** Keywords that a server must hand on as they are. */
const RICH_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  $defs: {
    address: {
      $anchor: 'addressDef',
      type: 'object',
      properties: { street: { type: 'string' }, city: { type: 'string' } },
    },
  },
  properties: {
    name: { type: 'string' },
    address: { $ref: '#/$defs/address' },
    contactMethod: { type: 'string', enum: ['phone', 'email'] },
    phone: { type: 'string' },
    email: { type: 'string' },
  },
  allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
  if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
  // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
  then: { required: ['phone'] },
  else: { required: ['email'] },
  additionalProperties: false,
} as const

function addSchemas(server: McpServer): void {
  const done = () => ({ content: [text('done')] })
  server.registerTool(
    'json_schema_2020_12_tool',
    { description: 'Has a rich schema', inputSchema: fromJsonSchema(RICH_SCHEMA) },
    done,
  )
  const region = { type: 'string', 'x-mcp-header': 'Region' } as const
  server.registerTool(
    'test_custom_header',
    {
      description: 'Has an argument that stands in a header too',
      inputSchema: fromJsonSchema({ type: 'object', properties: { region }, required: ['region'] }),
    },
    done,
  )
}

function addResources(server: McpServer): void {
  const WORDS = 'This is the content of the static text resource.'
  server.registerResource(
    'text',
    'test://static-text',
    { description: 'Text', mimeType: 'text/plain' },
    ({ href: uri }) => ({ contents: [{ uri, mimeType: 'text/plain', text: WORDS }] }),
  )
  server.registerResource(
    'binary',
    'test://static-binary',
    { description: 'An image', mimeType: 'image/png' },
    ({ href: uri }) => ({ contents: [{ uri, mimeType: 'image/png', blob: PNG }] }),
  )
  server.registerResource(
    'watched',
    'test://watched-resource',
    { description: 'Can be subscribed to', mimeType: 'text/plain' },
    ({ href: uri }) => ({ contents: [{ uri, mimeType: 'text/plain', text: 'watched' }] }),
  )
  server.registerResource(
    'template',
    new ResourceTemplate('test://template/{id}/data', { list: undefined }),
    { description: 'By id', mimeType: 'application/json' },
    ({ href: uri }, { id }) => {
      const value = { id, templateTest: true, data: `Data for ID: ${String(id)}` }
      return { contents: [{ uri, mimeType: 'application/json', text: JSON.stringify(value) }] }
    },
  )
  server.server.setRequestHandler('resources/subscribe', () => ({}))
  server.server.setRequestHandler('resources/unsubscribe', () => ({}))
}

function addPrompts(server: McpServer): void {
  const says = (...contents: readonly object[]) => ({
    messages: contents.map((content) => ({ role: 'user' as const, content: content as typeof image })),
  })
  server.registerPrompt('test_simple_prompt', { description: 'Simple' }, () =>
    says(text('This is a simple prompt for testing.')),
  )
  server.registerPrompt(
    'test_prompt_with_arguments',
    { description: 'With arguments', argsSchema: z.object({ arg1: z.string(), arg2: z.string() }) },
    ({ arg1, arg2 }) => says(text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)),
  )
  server.registerPrompt(
    'test_prompt_with_embedded_resource',
    { description: 'With a resource', argsSchema: z.object({ resourceUri: z.string() }) },
    ({ resourceUri }) =>
      says(
        resource(resourceUri, 'text/plain', 'Embedded resource content for testing.'),
        text('Please process the embedded resource above.'),
      ),
  )
  server.registerPrompt('test_prompt_with_image', { description: 'With an image' }, () =>
    says(image, text('Please analyze the image above.')),
  )
  const question = form('What context should the prompt use?', { context: { type: 'string' } })
  server.registerPrompt('test_input_required_result_prompt', { description: 'Needs more' }, ({ mcpReq }) => {
    const context = accepted(mcpReq.inputResponses, 'user_context', 'context')
    return typeof context === 'string'
      ? says(text(`Use this: ${context}`))
      : inputRequired({ inputRequests: { user_context: question } })
  })
  server.server.setRequestHandler('completion/complete', () => ({ completion: { values: [] } }))
}
