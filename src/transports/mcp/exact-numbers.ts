import { randomUUID } from 'node:crypto'

// Ids and tokens of requests may be numbers that JavaScript rounds (64-bit counters, for one). A client waits for ever where its number
// does not come back as it was, so in here such a number is a text of its digits, which no client can have sent.

const MARK = `number-${randomUUID()}:`
const MARKED = new RegExp(`"${MARK}([^"]+)"`, 'g')

type Json = Record<string, unknown>
type Sources = ReadonlyMap<unknown, Readonly<Record<string, string>>>

let haveCome = false

/** What the JSON says; where the id of a message is a number that would be rounded, its digits are kept. */
export function parseExactly(text: string): unknown {
  const value: unknown = JSON.parse(text)
  const isRounded = [value].flat().some((message) => places(message).some(([, number]) => isInexact(number)))
  return isRounded ? withDigits(text) : value
}

/** The JSON of an answer, with such numbers as they came. */
export function writeExactly(json: string): string {
  return haveCome ? json.replace(MARKED, '$1') : json
}

/** The same for an answer over HTTP, of one line or of many. */
export function answerExactly(response: Response): Response {
  const { body, status, headers } = response
  if (!haveCome || body === null) return response
  let rest = ''
  const lines = new TransformStream<string, string>({
    transform(chunk, controller) {
      const text = rest + chunk
      const end = text.lastIndexOf('\n') + 1
      rest = text.slice(end)
      if (end > 0) controller.enqueue(writeExactly(text.slice(0, end)))
    },
    flush: (controller) => controller.enqueue(writeExactly(rest)),
  })
  const exact = body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(lines)
    .pipeThrough(new TextEncoderStream())
  return new Response(exact, { status, headers })
}

/** Where a message names a request: its own id, the one that it cancels, and the token of its progress. */
function places(message: unknown): [name: string, value: unknown, holder: Json][] {
  if (!isObject(message)) return []
  const { params } = message
  const meta = isObject(params) ? params['_meta'] : undefined
  const holders: [string, unknown][] = [
    ['id', message],
    ['requestId', params],
    ['progressToken', meta],
  ]
  return holders.flatMap(([name, holder]) => (isObject(holder) ? [[name, holder[name], holder]] : []))
}

function withDigits(text: string): unknown {
  const sources = new Map<unknown, Record<string, string>>()
  const value: unknown = JSON.parse(text, function (this: unknown, key, value: unknown, ...more: unknown[]) {
    const [context] = more
    if (isInexact(value) && isObject(context) && typeof context['source'] === 'string')
      sources.set(this, { ...sources.get(this), [key]: context['source'] })
    return value
  })
  for (const message of [value].flat()) mark(message, sources)
  return value
}

function mark(message: unknown, sources: Sources): void {
  for (const [name, number, holder] of places(message)) {
    const digits = isInexact(number) ? sources.get(holder)?.[name] : undefined
    if (digits === undefined) continue
    holder[name] = MARK + digits
    haveCome = true
  }
}

function isInexact(value: unknown): boolean {
  return typeof value === 'number' && !Number.isSafeInteger(value)
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
