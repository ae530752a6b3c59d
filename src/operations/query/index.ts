import type { ListedOperation } from '../define.ts'
import { context } from './context.ts'
import { get } from './get.ts'
import { list } from './list.ts'
import { reindex } from './reindex.ts'
import { search } from './search.ts'

export const QUERY_OPERATIONS = [
  search,
  context,
  list,
  get,
  reindex,
] as const satisfies readonly ListedOperation[]
