import type { ListedOperation } from '../define.ts'
import { check } from './check.ts'
import { grant } from './grant.ts'
import { list } from './list.ts'
import { revoke } from './revoke.ts'

export const PERMISSION_OPERATIONS = [
  grant,
  revoke,
  check,
  list,
] as const satisfies readonly ListedOperation[]
