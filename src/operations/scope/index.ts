import type { ListedOperation } from '../define.ts'
import { create } from './create.ts'
import { current } from './current.ts'
import { remove } from './delete.ts'
import { end } from './end.ts'
import { get } from './get.ts'
import { list } from './list.ts'
import { log } from './log.ts'
import { move } from './move.ts'
import { start } from './start.ts'
import { update } from './update.ts'

export const SCOPE_OPERATIONS: readonly ListedOperation[] = [
  create,
  get,
  list,
  update,
  move,
  remove,
  current,
  start,
  end,
  log,
]
