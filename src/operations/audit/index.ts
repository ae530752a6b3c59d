import { list } from './list.ts'
import { verify } from './verify.ts'

export const AUDIT_OPERATIONS = [list, verify] as const
