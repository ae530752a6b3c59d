import type { Random } from '../faults/random.ts'
import { schemaOf } from '../src/operations/arguments/schema.ts'
import { OPERATIONS } from '../src/operations/index.ts'
import { FILES, plainArguments } from '../test/support/sample-arguments.ts'
import { HUGE, hostileValue, nested, TEXTS } from './hostile.ts'
import type { Id } from './server.ts'

type Operation = (typeof OPERATIONS)[number]

/** What is written, and whose answers are due: how many at least and at most. */
export interface Line {
  readonly bytes: string | Buffer
  readonly id: Id
  readonly least: number
  readonly most: number
}

/** Every argument of every tool, with all that it needs beside it. */
const ARGUMENTS = OPERATIONS.flatMap((operation) =>
  [...Object.keys(schemaOf(operation).properties ?? {}), 'agent_id'].map((name) => ({ operation, name })),
)

const WAIT = { method: 'tools/call', params: { name: 'memory_event', arguments: { action: 'wait' } } }
const METHODS = [
  'ping',
  'initialize',
  'tools/list',
  'resources/list',
  'resources/read',
  'resources/templates/list',
  'resources/subscribe',
  'resources/unsubscribe',
  'prompts/list',
  'prompts/get',
  'completion/complete',
  'logging/setLevel',
  'server/discover',
  'no/such/method',
  '__proto__',
  '',
]
/** Numbers among them come back as they are. */
const ODD_IDS = ['null', 'true', '[]', '{}', '1.5', '1e999', '9007199254740993', '-1e400']
const NO_MESSAGES = [
  ['null', 1],
  ['7', 1],
  ['"text"', 1],
  ['[]', 1],
  ['[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","id":2,"method":"ping"}]', 1],
  ['{}', 1],
  ['{"jsonrpc":"2.0"}', 1],
  ['{"jsonrpc":"1.0","method":"ping"}', 1],
  ['hello', 1],
  ['{"jsonrpc":"2.0","method":"notifications/no-such-thing","params":{"x":[1]}}', 0],
  ['{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"nobody\'s"}}', 0],
  ['{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{}}}', 0],
  ['{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1,"progress":1}}', 0],
  ['{"jsonrpc":"2.0","id":77,"result":{}}', 0],
  ['{"jsonrpc":"2.0","id":"x","error":{"code":1,"message":"m"}}', 0],
  ['', 0],
  [' \t\r', 0],
] as const
/** Over the 64 MiB that a message may take. */
const TOO_LONG_BYTES = 65 * 1024 * 1024
const DEEP = 20_000

/** Lines one after the other, the same for the same seed. */
export class Lines {
  readonly #random: Random
  #place = 0

  constructor(random: Random) {
    this.#random = random
  }

  next(number: number): Line {
    const random = this.#random
    const id = random.chance(0.5) ? number : `m${number}${random.chance(0.1) ? random.pick(TEXTS) : ''}`
    const kind = random.next()
    if (kind < 0.45) return patient(id, kind < 0.38 ? this.#argument() : this.#anything())
    if (kind < 0.55) return asked(id, { method: random.pick(METHODS), params: this.#params() })
    if (kind < 0.68) return toNobody(Buffer.from(broken(random, id)))
    if (kind < 0.78) return toNobody(notUtf8(random, id))
    if (kind < 0.86) return noMessage(random)
    if (kind < 0.9) return oddId(random.pick(ODD_IDS))
    if (kind < 0.96) return wrongShape(random, id)
    if (kind < 0.97) return deep(random, id)
    if (kind < 0.998) return cancelled(asked(id, WAIT))
    return long(random, id)
  }

  /** The next argument of the catalogue, with the next text in it. */
  #argument() {
    const place = this.#place++
    const { operation, name } = ARGUMENTS[place % ARGUMENTS.length] ?? raise()
    const text = TEXTS[Math.floor(place / ARGUMENTS.length) % TEXTS.length] ?? ''
    const value = this.#random.chance(0.7) ? text : hostileValue(this.#random)
    return { operation, args: { ...plainArguments(operation, name), [name]: value } }
  }

  #anything() {
    const random = this.#random
    const operation = random.pick(OPERATIONS)
    const names = [...Object.keys(schemaOf(operation).properties ?? {}), 'agent_id', ...FILES, 'nobody_knows']
    const some = random.sample(names, random.between(0, 5))
    return { operation, args: Object.fromEntries(some.map((name) => [name, hostileValue(random)])) }
  }

  #params(): unknown {
    const random = this.#random
    const names = [
      'name',
      'uri',
      'cursor',
      'ref',
      'argument',
      'level',
      'arguments',
      '_meta',
      'protocolVersion',
    ]
    if (random.chance(0.2)) return hostileValue(random)
    return Object.fromEntries(random.sample(names, 2).map((name) => [name, hostileValue(random)]))
  }
}

function raise(): never {
  throw new RangeError('the catalogue is empty')
}

/** A call of the operation. Who would wait long is told that nobody wants the answer any more. */
function patient(id: Id, { operation, args }: { operation: Operation; args: Record<string, unknown> }): Line {
  const { tool: name, action } = operation
  const limit = action === 'wait' ? 'timeout_ms' : action === 'checkout' ? 'wait_ms' : undefined
  const isHostile = limit !== undefined && limit in args
  const given = { ...(limit !== undefined && { [limit]: 0 }), ...args, ...(action && { action }) }
  const line = asked(id, { method: 'tools/call', params: { name, arguments: given } })
  return isHostile ? cancelled(line) : line
}

function jsonOf(message: object): string {
  return JSON.stringify(message).replaceAll(`"${HUGE}"`, '1e999')
}

function asked(id: Id, message: object): Line {
  return { bytes: jsonOf({ jsonrpc: '2.0', id, ...message }), id, least: 1, most: 1 }
}

/** Answered without an id. */
function toNobody(bytes: string | Buffer): Line {
  return { bytes, id: null, least: 1, most: 1 }
}

function oddId(id: string): Line {
  const line = toNobody(`{"jsonrpc":"2.0","id":${id},"method":"ping"}`)
  const read: unknown = JSON.parse(id)
  return typeof read === 'number' ? { ...line, id: read } : line
}

/** An object that is cut off is never JSON. */
function broken(random: Random, id: Id): string {
  const line = JSON.stringify({ jsonrpc: '2.0', id, method: 'ping', params: { x: 'é'.repeat(5) } })
  return random.chance(0.5) ? line.slice(0, random.between(1, line.length - 1)) : `${line}}`
}

function notUtf8(random: Random, id: Id): Buffer {
  const line = Buffer.from(JSON.stringify({ jsonrpc: '2.0', id, method: 'ping' }))
  const at = random.between(1, line.length - 1)
  const bad = Buffer.from(random.pick([[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf5, 0x80], [0xe2, 0x82]]))
  return Buffer.concat([line.subarray(0, at), bad, line.subarray(at)])
}

function noMessage(random: Random): Line {
  const [bytes, answers] = random.pick(NO_MESSAGES)
  return { bytes, id: null, least: answers, most: answers }
}

/** JSON-RPC in which one thing is of another kind; the id is seen. */
function wrongShape(random: Random, id: Id): Line {
  const wrong = random.pick([
    { jsonrpc: '1.0', id, method: 'ping' },
    { jsonrpc: '2.0', id, method: 5 },
    { jsonrpc: '2.0', id },
    { jsonrpc: '2.0', id, method: 'ping', params: 'x' },
    { jsonrpc: '2.0', id, method: 'ping', params: [1] },
    { id, method: 'ping' },
  ])
  return { bytes: JSON.stringify(wrong), id, least: 1, most: 1 }
}

function deep(random: Random, id: Id): Line {
  const value = random.pick([nested(DEEP), nested(DEEP, '{"a":', '}').replace(':}', ':1}'), nested(500)])
  const params = random.pick([
    `{"name":"memory_knowledge","arguments":{"action":"add","name":"deep","content":"c","metadata":{"x":${value}}}}`,
    `{"name":"memory_query","arguments":{"action":"search","query":${value}}}`,
    `{"name":"memory_health","arguments":${value}}`,
    `{"_meta":${value}}`,
  ])
  const bytes = `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"method":"tools/call","params":${params}}`
  return { bytes, id, least: 1, most: 1 }
}

/** It may be answered before it hears that nobody wants that any more. */
function cancelled({ bytes, id }: Line): Line {
  const params = { requestId: id }
  const cancel = jsonOf({ jsonrpc: '2.0', method: 'notifications/cancelled', params })
  return { bytes: `${String(bytes)}\n${cancel}`, id, least: 0, most: 1 }
}

function long(random: Random, id: Id): Line {
  const length = random.chance(0.01) ? TOO_LONG_BYTES : random.between(100_000, 1_000_000)
  const args = { action: 'add', name: 'long', content: 'x'.repeat(length) }
  return asked(id, { method: 'tools/call', params: { name: 'memory_tool', arguments: args } })
}
