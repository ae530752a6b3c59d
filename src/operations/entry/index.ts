import { ENTRY_TYPES } from '../../domain/entries/types/index.ts'
import type { ListedOperation } from '../define.ts'
import { add } from './add.ts'
import { bulkAdd } from './bulk-add.ts'
import { remove } from './delete.ts'
import { get } from './get.ts'
import { history } from './history.ts'
import { list } from './list.ts'
import { deactivate, reactivate } from './status.ts'
import { update } from './update.ts'

const ACTIONS = [add, update, get, list, history, deactivate, reactivate, remove, bulkAdd]

/** The three entry tools share one set of files. */
export const ENTRY_OPERATIONS = ENTRY_TYPES.flatMap((type) => {
  const { keptBy } = type
  return keptBy === null ? [] : ACTIONS.map((action) => action(type, keptBy))
}) satisfies readonly ListedOperation[]
