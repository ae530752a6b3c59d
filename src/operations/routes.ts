export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'

/** How REST asks for an operation, e.g. `GET /v1/conflicts/{id}`; what stands in braces is an argument. */
export type Route = `${Method} /v1/${string}`

/** A route taken apart. */
export interface RouteParts {
  readonly method: Method
  readonly path: string
  /** Names of the arguments that the path holds, in order. */
  readonly parameters: readonly string[]
}

const METHODS: readonly Method[] = ['GET', 'POST', 'PATCH', 'DELETE']

export function routeParts(route: Route): RouteParts {
  const [word, path = ''] = route.split(' ')
  const method = METHODS.find((known) => known === word)
  if (!method) throw new RangeError(`no method in ${route}`)
  const parameters = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
  return { method, path, parameters }
}
