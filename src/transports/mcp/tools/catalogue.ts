import type { ToolName } from '../../../domain/toolsets.ts'
import type { Operation } from '../../../operations/define.ts'
import type { ActionOf, OperationOf } from '../../../operations/index.ts'

type Catalogue = ReadonlyMap<string, readonly Operation[]>

let loading: Promise<Catalogue> | undefined

/** The operations by tool. They are not needed before the first call, and take their time to load. */
export function loadCatalogue(): Promise<Catalogue> {
  loading ??= import('../../../operations/index.ts').then(({ OPERATIONS }) =>
    Map.groupBy(OPERATIONS, ({ tool }) => tool),
  )
  return loading
}

/** The actions of a tool; none for a name that is no tool. */
async function actionsOf(tool: string): Promise<readonly Operation[]> {
  return (await loadCatalogue()).get(tool) ?? []
}

/** An operation that resources and prompts are made of. */
export async function operation<T extends ToolName, A extends ActionOf<T>>(
  tool: T,
  action: A,
): Promise<OperationOf<T, A>> {
  const found = (await actionsOf(tool)).find((candidate) => candidate.action === action)
  if (!found) throw new RangeError(`the catalogue has no ${tool} ${action}`)
  return found as OperationOf<T, A>
}
