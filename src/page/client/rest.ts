import { key, noteReached, refuseKey } from '../state/session.ts'
import type { Answers, KindAnswers } from './answers.ts'
import { Refusal } from './refusal.ts'

type Arguments = Readonly<Record<string, unknown>>

export interface CallOptions {
  readonly signal?: AbortSignal
  /** The version that the change was made on: it is refused where the entry has moved on. */
  readonly version?: number
  /** It is asked whether this is for us: a no says nothing about the key. */
  readonly mayRefuse?: boolean
}

/** One call of the public REST API. */
export function call<R extends keyof Answers>(
  route: R,
  args: Arguments = {},
  options: CallOptions = {},
): Promise<Answers[R]> {
  return send<Answers[R]>(route, args, options)
}

/** A call on a kind of entries: guideline, knowledge or tool. */
export function callKind<R extends keyof KindAnswers>(
  route: R,
  type: string,
  args: Arguments,
  options: CallOptions = {},
): Promise<KindAnswers[R]> {
  const [method, rest] = route.split(' ')
  const path = [resourceOf(type), rest].filter(Boolean).join('/')
  return send<KindAnswers[R]>(`${method} ${path}`, args, options)
}

const RESOURCES: Readonly<Record<string, string>> = {
  guideline: '/v1/guidelines',
  knowledge: '/v1/knowledge',
  tool: '/v1/tools',
}

/** The types that people write. */
export const WRITABLE = Object.keys(RESOURCES)

/** Whether people can write entries of this type; a session's log cannot be changed. */
export function isWritable(type: string): boolean {
  return type in RESOURCES
}

function resourceOf(type: string): string {
  return RESOURCES[type] ?? `/v1/${type}`
}

/** What every request carries: never in the address, where it would be kept. */
export function authorization(): Record<string, string> {
  return key.value === '' ? {} : { authorization: `Bearer ${key.value}` }
}

async function send<T>(
  route: string,
  args: Arguments,
  { signal, version, mayRefuse = false }: CallOptions,
): Promise<T> {
  const [method = 'GET', path = ''] = route.split(' ')
  const rest = { ...args }
  const place = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = String(rest[name])
    delete rest[name]
    return encodeURIComponent(value)
  })
  const isRead = method === 'GET'
  const sentWith = key.value
  const response = await reached(isRead ? place + queryOf(rest) : place, {
    method,
    signal: signal ?? null,
    headers: {
      ...authorization(),
      ...(!isRead && { 'content-type': 'application/json' }),
      ...(version !== undefined && { 'if-match': `"${version}"` }),
    },
    ...(!isRead && { body: JSON.stringify({ agent_id: 'page', ...rest }) }),
  })
  if (response.ok) return (await response.json()) as T
  throw await refusalOf(response, { sentWith, mayRefuse })
}

/** A response, whatever it says; throws where there is none. */
export async function reached(path: string, init: RequestInit): Promise<Response> {
  try {
    const response = await fetch(path, { ...init, credentials: 'same-origin', cache: 'no-store' })
    noteReached(true)
    return response
  } catch (error) {
    if (!init.signal?.aborted) noteReached(false)
    throw error
  }
}

/**
 * What a response refuses; a key that opens nothing is asked for anew, unless another one was typed meanwhile. Throws where the answer
 * breaks off, or is waited for no more: that says nothing about the key.
 */
export async function refusalOf(
  response: Response,
  { sentWith, mayRefuse = false }: { sentWith: string; mayRefuse?: boolean },
): Promise<Refusal> {
  const body = (await response.json().catch(noJson)) as { error?: ConstructorParameters<typeof Refusal>[1] }
  const refusal = new Refusal(response.status, body.error)
  if (response.status === 401 && !mayRefuse && sentWith === key.value) refuseKey(refusal.message)
  return refusal
}

function noJson(error: unknown): object {
  if (error instanceof SyntaxError) return {}
  throw error
}

function queryOf(args: Arguments): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(args)) {
    for (const each of [value].flat()) {
      if (each === undefined || each === '') continue
      query.append(name, typeof each === 'object' ? JSON.stringify(each) : String(each))
    }
  }
  const text = query.toString()
  return text === '' ? '' : `?${text}`
}
