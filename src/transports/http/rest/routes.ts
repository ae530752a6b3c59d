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

/** The methods that a path has; none for a path that is nowhere. */
export function methodsOf(path: string): string[] {
  const parts = path.split('/')
  const fits = (pattern: string) => {
    const wanted = pattern.split('/')
    return (
      wanted.length === parts.length && wanted.every((part, at) => part.startsWith('{') || part === parts[at])
    )
  }
  return [...new Set(ROUTES.filter((route) => fits(route.path)).map(({ method }) => method))]
}
