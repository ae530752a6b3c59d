import type { ListedOperation } from '../define.ts'
import { attach, detach } from './change.ts'
import { list } from './list.ts'

export const TAG_OPERATIONS = [attach, detach, list] as const satisfies readonly ListedOperation[]
