import { afterAll, describe } from 'vitest'
import { searchIndexContract } from '../contract/search-index.ts'
import {
  giveDatabaseFolderBack,
  openTestDatabase,
  takeDatabaseFolder,
  testDatabase,
} from '../support/database.ts'

const folders: string[] = []
afterAll(async () => {
  for (const folder of folders) await giveDatabaseFolderBack(folder)
})

describe(`the search index of ${testDatabase}`, () => {
  searchIndexContract(async () => {
    const folder = await takeDatabaseFolder()
    folders.push(folder)
    return openTestDatabase(folder)
  })
})
