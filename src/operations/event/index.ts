import type { ListedOperation } from '../define.ts'
import { list } from './list.ts'
import { wait } from './wait.ts'

export const EVENT_OPERATIONS = [list, wait] as const satisfies readonly ListedOperation[]
