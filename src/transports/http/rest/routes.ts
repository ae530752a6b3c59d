import type { Operation } from '../../../operations/define.ts'
import { OPERATIONS } from '../../../operations/index.ts'
import { type RouteParts, routeParts } from '../../../operations/routes.ts'

/** One method on one path, and what it does. */
export interface RestRoute extends RouteParts {
  readonly operation: Operation
  /** The path of what a call of it has made, up to its id: where it can be read again. */
  readonly makesAt?: string
}

const ALL = OPERATIONS.flatMap((operation) =>
  operation.routes.map((route) => ({ operation, ...routeParts(route) })),
)

const READ = new Set(
  ALL.filter(({ method }) => method === 'GET').map(({ path }) => path.replace(/\/\{\w+\}$/, '/{}')),
)

/** Every route of the catalogue; what is spelled out before what stands for anything. */
export const ROUTES: readonly RestRoute[] = ALL.map((route) => ({ ...route, ...madeAt(route) })).toSorted(
  (a, b) => a.parameters.length - b.parameters.length,
)

/** POST to a collection whose members can be read one by one makes a member. */
function madeAt({ method, path, operation }: RestRoute): { makesAt?: string } {
  const makes = method === 'POST' && !operation.hints.readOnly && READ.has(`${path}/{}`)
  return makes ? { makesAt: path } : {}
}

/** A route, and what its path holds in the places of the parameters. */
export interface FoundRoute {
  readonly route: RestRoute
  readonly path: Readonly<Record<string, string>>
}

/** Routes by their method and what of the path is spelled out first: few of a kind are left to compare. */
const KINDS = Map.groupBy(ROUTES, ({ method, path }) => kindOf(method, path.split('/')))

function kindOf(method: string, parts: readonly string[]): string {
  return `${method} ${parts[2]} ${parts.length}`
}

export function findRoute(method: string, path: string): FoundRoute | undefined {
  const parts = path.split('/')
  for (const route of KINDS.get(kindOf(method === 'HEAD' ? 'GET' : method, parts)) ?? []) {
    const values = valuesIn(route, parts)
    if (values) return { route, path: values }
  }
  return undefined
}

/** What stands in the places of the parameters; undefined for another path. */
function valuesIn({ path }: RestRoute, parts: readonly string[]): Record<string, string> | undefined {
  const wanted = path.split('/')
  if (wanted.length !== parts.length) return undefined
  const values: Record<string, string> = {}
  for (const [at, pattern] of wanted.entries()) {
    const part = parts[at] ?? ''
    if (pattern.startsWith('{') && part !== '') values[pattern.slice(1, -1)] = decoded(part)
    else if (pattern !== part) return undefined
  }
  return values
}

/** A part that is not encoded as it should be stands for itself. */
function decoded(part: string): string {
  if (!part.includes('%')) return part
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** The methods that a path has; none for a path that is nowhere. */
export function methodsOf(path: string): string[] {
  const parts = path.split('/')
  return [...new Set(ROUTES.filter((route) => valuesIn(route, parts)).map(({ method }) => method))]
}
