import type { ListedOperation } from '../define.ts'
import { consolidate } from './consolidate.ts'
import { create } from './create.ts'
import { remove } from './delete.ts'
import { list } from './list.ts'

export const RELATION_OPERATIONS = [
  create,
  remove,
  list,
  consolidate,
] as const satisfies readonly ListedOperation[]
