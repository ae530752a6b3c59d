import type { ListedOperation } from '../define.ts'
import { context } from './context.ts'
import { search } from './search.ts'

export const QUERY_OPERATIONS: readonly ListedOperation[] = [search, context]
