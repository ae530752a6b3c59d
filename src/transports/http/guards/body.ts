import type { IncomingMessage } from 'node:http'
import { finished } from 'node:stream/promises'
import { HttpProblem } from '../problems.ts'

type Json = Readonly<Record<string, unknown>>

/** Room for the largest call of usual size; a larger one is better made in parts. */
export const MOST_BODY_BYTES = 8 * 1024 * 1024

export function tooLarge(): HttpProblem {
  return new HttpProblem(413, 'TOO_LARGE', `The body takes more than ${MOST_BODY_BYTES} bytes.`, {
    headers: { connection: 'close' },
  })
}

const READ_AWAY_MS = 5_000

/**
 * Takes the rest of a body, for a while: a client that is still writing it sees a broken pipe instead of the
 * answer when we hang up.
 */
export async function readAway(incoming: IncomingMessage): Promise<void> {
  const signal = AbortSignal.timeout(READ_AWAY_MS)
  incoming.resume()
  await finished(incoming, { signal, cleanup: true }).catch(() => {})
}

/** The arguments in a body; none in an empty one. */
export async function readJsonBody(request: Request): Promise<Json> {
  const bytes = await request.arrayBuffer()
  if (bytes.byteLength === 0) return {}
  requireJson(request.headers.get('content-type'))
  const value = parsed(bytes)
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new HttpProblem(400, 'INVALID_PARAMETER', 'The body: expected a JSON object of arguments.', {
      suggestion: 'Send {"name": value, …}, also for one argument; {} for none.',
    })
  return value as Json
}

/** A form of another site can send anything but this type without asking first. */
function requireJson(type: string | null): void {
  if (/^application\/([\w.+-]+\+)?json\s*(;|$)/i.test(type ?? '')) return
  throw new HttpProblem(415, 'INVALID_PARAMETER', 'The body: expected Content-Type: application/json.', {
    suggestion: 'Send the arguments as JSON, with that header.',
  })
}

function parsed(bytes: ArrayBuffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    // What a parser says quotes the text.
    throw new HttpProblem(400, 'INVALID_PARAMETER', 'The body is no JSON (UTF-8).', {
      suggestion:
        'Send one JSON object: names and texts in double quotes, no comma behind the last one, no NaN, and not compressed.',
    })
  }
}
