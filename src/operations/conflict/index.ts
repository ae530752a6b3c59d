import type { ListedOperation } from '../define.ts'
import { get } from './get.ts'
import { list } from './list.ts'
import { resolve } from './resolve.ts'

export const CONFLICT_OPERATIONS = [list, get, resolve] as const satisfies readonly ListedOperation[]
