import type { ListedOperation } from '../define.ts'
import { create } from './create.ts'
import { list } from './list.ts'
import { revoke } from './revoke.ts'

export const KEY_OPERATIONS = [create, list, revoke] as const satisfies readonly ListedOperation[]
