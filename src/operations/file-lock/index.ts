import type { ListedOperation } from '../define.ts'
import { checkin } from './checkin.ts'
import { checkout } from './checkout.ts'
import { forceUnlock } from './force-unlock.ts'
import { list } from './list.ts'
import { renew } from './renew.ts'
import { status } from './status.ts'
import { verify } from './verify.ts'

export const FILE_LOCK_OPERATIONS = [
  checkout,
  checkin,
  renew,
  verify,
  status,
  list,
  forceUnlock,
] as const satisfies readonly ListedOperation[]
