import type { ListedOperation } from '../define.ts'
import { create } from './create.ts'
import { current } from './current.ts'
import { remove } from './delete.ts'
import { end } from './end.ts'
import { get } from './get.ts'
import { list } from './list.ts'
import { log } from './log.ts'
import { move } from './move.ts'
import { presence } from './presence.ts'
import { start } from './start.ts'
import { tree } from './tree.ts'
import { update } from './update.ts'

export const SCOPE_OPERATIONS = [
  create,
  get,
  list,
  tree,
  update,
  move,
  remove,
  current,
  presence,
  start,
  end,
  log,
] as const satisfies readonly ListedOperation[]
