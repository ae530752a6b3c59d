import type { Arguments, Spec } from './calls.ts'

/** What a call becomes on the wire. */
export interface WireRequest {
  readonly method: string
  readonly path: string
  readonly body?: string
}

/** Longer addresses are refused on the way; what can also be sent is. */
const MOST_ADDRESS = 4_000

/** The first route of the operation that the arguments fit; what does not stand in its path goes into query or body. */
export function requestOf({ routes }: Spec, input: Arguments): WireRequest {
  const fitting = routes.filter((route) => parametersOf(route).every((name) => input[name] !== undefined))
  const [first = routes[0] ?? ''] = fitting
  const request = requestAt(first, input)
  const sent = fitting.find((route) => route.startsWith('POST '))
  return sent && request.path.length > MOST_ADDRESS ? requestAt(sent, input) : request
}

function requestAt(route: string, input: Arguments): WireRequest {
  const [method = 'GET', pattern = ''] = route.split(' ')
  const inPath = parametersOf(route)
  const path = pattern.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(input[name] ?? '')),
  )
  const rest = Object.entries(input).filter(([name, value]) => value !== undefined && !inPath.includes(name))
  if (method === 'GET' || method === 'DELETE') return { method, path: path + queryOf(rest) }
  return { method, path, body: JSON.stringify(Object.fromEntries(rest)) }
}

function parametersOf(route: string): string[] {
  return [...route.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
}

/** A list is a name that is there several times; what has parts is their JSON. */
export function queryOf(args: readonly (readonly [name: string, value: unknown])[]): string {
  const query = new URLSearchParams()
  for (const [name, value] of args) {
    const isPlainList =
      Array.isArray(value) && value.length > 1 && value.every((one) => typeof one !== 'object')
    for (const each of isPlainList ? (value as unknown[]) : [value])
      query.append(name, typeof each === 'object' ? JSON.stringify(each) : String(each))
  }
  const text = query.toString()
  return text === '' ? '' : `?${text}`
}
