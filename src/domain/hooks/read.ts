import {
  findHookClient,
  HOOK_CLIENTS,
  type HookClient,
  type HookKind,
  type PayloadFields,
  WHOLE_INPUT,
} from './clients.ts'
import type { HookEvent, HookTool } from './event.ts'

/** What a hook was called with. */
export interface HookCall {
  /** The client as the command line names it; without it the payload must show which one it is. */
  readonly client?: string | undefined
  /** The event as the command line names it, for a client whose payload does not. */
  readonly event?: string | undefined
  readonly payload: unknown
  /** Where the hook runs: for a payload that has no folder. */
  readonly cwd: string
}

/** The event that a payload tells of; a text says why it is not understood. */
export function readHookEvent({ client: name, event: word, payload, cwd }: HookCall): HookEvent | string {
  if (!isRecord(payload)) return 'its payload is no JSON object'
  const client = name === undefined ? guessClient(payload) : findHookClient(name)
  if (!client) return `'${name}' is no client that it knows (${HOOK_CLIENTS.map(({ id }) => id).join(', ')})`
  const { fields } = client
  const named = textAt(payload, fields.event)
  const kind = kindOf(client, named) ?? kindOf(client, word)
  const eventName = kindOf(client, named) ? named : word
  if (!kind || eventName === undefined) return `it knows no event '${(named ?? word ?? '').slice(0, 64)}'`
  const sessionId = textAt(payload, fields.session)
  if (!sessionId) return 'its payload names no session'
  const tool = toolOf(payload, fields)
  if (kind.startsWith('tool-') && !tool) return 'its payload names no tool'
  return {
    client,
    kind,
    name: eventName,
    sessionId,
    subAgent: textAt(payload, fields.subAgent) || null,
    cwd: textAt(payload, fields.cwd) || cwd,
    tool,
  }
}

/** The value at a path as `a.b`; `*` stands for every element. */
export function valuesAt(value: unknown, path: string): readonly unknown[] {
  return path.split('.').reduce<unknown[]>(
    (values, step) =>
      values.flatMap((each) => {
        if (step === '*') return Array.isArray(each) ? each : []
        return isRecord(each) || Array.isArray(each) ? (Reflect.get(each, step) ?? []) : []
      }),
    [value],
  )
}

/** A client whose payloads are like no other's; else the one whose form most others have taken over. */
function guessClient(payload: Readonly<Record<string, unknown>>): HookClient | undefined {
  const marks: readonly (readonly [mark: string, client: string])[] = [
    ['taskId', 'cline'],
    ['sessionId', 'copilot-cli'],
    ['i', 'opencode'],
  ]
  const marked = marks.find(([mark]) => mark in payload)?.[1]
  const event = String(payload['hook_event_name'] ?? '')
  const isGemini = /^(Before|After)(Tool|Agent|Model)/.test(event)
  return findHookClient(marked ?? (isGemini ? 'gemini-cli' : 'claude-code'))
}

function kindOf({ events }: HookClient, name: string | undefined): HookKind | undefined {
  if (name === undefined) return undefined
  const word = name.toLowerCase()
  const plain = word.replaceAll(/[-_ ]/g, '')
  return [word, plain].flatMap((each) => (Object.hasOwn(events, each) ? (events[each] ?? []) : []))[0]
}

function toolOf(payload: unknown, fields: PayloadFields): HookTool | null {
  const name = textAt(payload, fields.tool)
  const inputs = fields.input.flatMap((path) => valuesAt(payload, path)).map(inputOf)
  return name ? { name, input: inputs.find((input) => input !== undefined) ?? {} } : null
}

/** Some clients send the arguments as one text: as their JSON, or as all that the tool takes. */
function inputOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (isRecord(value)) return value
  return typeof value === 'string' ? (recordIn(value) ?? { [WHOLE_INPUT]: value }) : undefined
}

function recordIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}

function textAt(payload: unknown, paths: readonly string[]): string | undefined {
  return paths.flatMap((path) => valuesAt(payload, path)).find((value) => typeof value === 'string')
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
