import { expect, test } from 'vitest'
import { Store } from '../../src/store/store.ts'
import { makeDatabaseFolder, openTestDatabase, removeDatabaseFolder } from '../support/database.ts'

async function openStores(folder: string, count: number): Promise<Store[]> {
  const stores: Store[] = []
  for (let i = 0; i < count; i++) stores.push(new Store(await openTestDatabase(folder), `store-${i}`))
  return stores
}

test('a database has one identity and one secret, whichever process opens it', async () => {
  const folder = await makeDatabaseFolder()
  try {
    const stores = await openStores(folder, 4)
    const [identity, ...others] = await Promise.all(stores.map((store) => store.identity()))
    expect(identity?.id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    expect(identity?.secret).toMatch(/^[0-9a-f]{64}$/)
    expect(others).toEqual([identity, identity, identity])
    const places = await Promise.all(stores.map(({ database }) => database.readPlace()))
    expect(new Set(places).size).toBe(1)
    await Promise.all(stores.map((store) => store.close()))
    const [again] = await openStores(folder, 1)
    expect(await again?.identity()).toEqual(identity)
    await again?.close()
  } finally {
    await removeDatabaseFolder(folder)
  }
})

test('two databases have neither of them in common, nor their place', async () => {
  const folders = [await makeDatabaseFolder(), await makeDatabaseFolder()] as const
  try {
    const [[one], [two]] = await Promise.all([openStores(folders[0], 1), openStores(folders[1], 1)])
    const [first, second] = [await one?.identity(), await two?.identity()]
    expect(first?.id).not.toBe(second?.id)
    expect(first?.secret).not.toBe(second?.secret)
    expect(await one?.database.readPlace()).not.toBe(await two?.database.readPlace())
    await Promise.all([one?.close(), two?.close()])
  } finally {
    for (const folder of folders) await removeDatabaseFolder(folder)
  }
})
