import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const FOLDER = join(import.meta.dirname, '../fixtures/hooks')

type Json = Readonly<Record<string, unknown>>

/** A payload as a client sent it, its ids, times and folders replaced by words in angle brackets. */
export interface RecordedPayload {
  readonly event: string
  readonly variant: string
  readonly payload: Json
}

export interface PayloadPlace {
  readonly project: string
  readonly session?: string
  readonly agent?: string
}

/** The client versions whose payloads were recorded. */
export const RECORDED = readdirSync(FOLDER).map((name) => name.replace(/\.jsonl$/, ''))

export function recordedPayloads(version: string): readonly RecordedPayload[] {
  const lines = readFileSync(join(FOLDER, `${version}.jsonl`), 'utf8')
    .trim()
    .split('\n')
  return lines.map((line) => JSON.parse(line) as RecordedPayload)
}

/** One of them as if the client worked in this project, in this session. */
export function payloadOf(version: string, event: string, variant: string, place: PayloadPlace): Json {
  const found = recordedPayloads(version).find((each) => each.event === event && each.variant === variant)
  if (!found) throw new RangeError(`no ${event} ${variant} of ${version} was recorded`)
  return placed(found.payload, place)
}

export function placed(payload: Json, { project, session = 's1', agent = 'a1' }: PayloadPlace): Json {
  const text = JSON.stringify(payload)
    .replaceAll('<project>', JSON.stringify(project).slice(1, -1))
    .replaceAll(/<(uuid|conv-id|root-session-id|session-id)>/g, session)
    .replaceAll('<agent-id>', agent)
  return JSON.parse(text) as Json
}

/** The same call for another file. */
export function onFile(payload: Json, name: string): Json {
  return JSON.parse(JSON.stringify(payload).replaceAll('a.txt', name)) as Json
}
