import type { ListedOperation } from '../define.ts'
import { get } from './get.ts'
import { list } from './list.ts'
import { resolve } from './resolve.ts'

export const CONFLICT_OPERATIONS: readonly ListedOperation[] = [list, get, resolve]
