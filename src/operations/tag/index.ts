import type { Operation } from '../define.ts'
import { attach, detach } from './change.ts'
import { list } from './list.ts'

export const TAG_OPERATIONS: readonly Operation[] = [attach, detach, list]
