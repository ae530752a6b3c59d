import { afterAll, describe } from 'vitest'
import { searchIndexContract } from '../contract/search-index.ts'
import {
  makeDatabaseFolder,
  openTestDatabase,
  removeDatabaseFolder,
  testDatabase,
} from '../support/database.ts'

const folders: string[] = []
afterAll(async () => {
  for (const folder of folders) await removeDatabaseFolder(folder)
})

describe(`the search index of ${testDatabase}`, () => {
  searchIndexContract(async () => {
    const folder = await makeDatabaseFolder()
    folders.push(folder)
    return openTestDatabase(folder)
  })
})
