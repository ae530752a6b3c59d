import type { ListedOperation } from '../define.ts'
import { create } from './create.ts'
import { remove } from './delete.ts'
import { list } from './list.ts'

export const RELATION_OPERATIONS: readonly ListedOperation[] = [create, remove, list]
