import { expect, test } from 'vitest'
import { RedisKeys } from '../../../src/coordination/redis/keys.ts'
import { loadScript } from '../../../src/coordination/redis/script.ts'
import { newPrefix, RedisProbe, removeKeys, sharedRedisUrl } from '../../support/redis.ts'

const KEY = 'project:p/guideline'
const EPOCH = '7'

interface World {
  readonly probe: RedisProbe
  readonly versions: string
  /** The name of the versions' memory, and the version of the key, as a read finds them. */
  read(): Promise<{ memory: string; version: string | null; answer: string | null }>
  put(version: number, memory: string): Promise<void>
  publish(version: number): Promise<void>
}

/** The scripts of the cache on a real server; an answer is its own version. */
function withScripts(body: (world: World) => Promise<void>): () => Promise<void> {
  return async () => {
    const probe = await RedisProbe.connect()
    const keys = new RedisKeys(newPrefix(), 0)
    const run = (name: string, on: readonly string[], args: readonly (string | number)[]) =>
      probe.send<unknown[]>('EVAL', loadScript(name).text, on.length, ...on, EPOCH, ...args)
    const onAnswer = [keys.meta, keys.versions, keys.answer('q'), keys.fill('q')]
    await probe.send('HSET', keys.meta, 'epoch', EPOCH)
    const world: World = {
      probe,
      versions: keys.versions,
      async read() {
        const reply = await run('read', onAnswer, ['a', 1_000, 0, KEY])
        const [answer, , [memory, version]] = reply as [string | null, number, [string, string | null]]
        return { memory, version, answer }
      },
      async put(version, memory) {
        await run('put', onAnswer, ['a', 60_000, `answer ${version}`, memory, KEY, version])
      },
      async publish(version) {
        await run('publish', [keys.meta, keys.versions, keys.published], ['channel', 0, KEY, version])
      },
    }
    try {
      await body(world)
    } finally {
      probe.close()
      await removeKeys(keys.prefix, sharedRedisUrl())
    }
  }
}

test(
  'an answer that was read before Redis lost its versions does not become the newest that it knows',
  withScripts(async ({ probe, versions, read, put, publish }) => {
    const before = await read()
    await publish(2)
    await probe.send('DEL', versions)
    await read()
    await put(1, before.memory)
    expect(await read()).toMatchObject({ version: null, answer: null })
    await put(2, (await read()).memory)
    expect(await read()).toMatchObject({ version: '2', answer: 'answer 2' })
  }),
)

test(
  'what is told where no version is known, perhaps late, counts only once the database was read',
  withScripts(async ({ read, put, publish }) => {
    await publish(5)
    const { memory, version } = await read()
    expect(version).toBeNull()
    await put(4, memory)
    expect(await read()).toMatchObject({ version: null, answer: null })
    await publish(6)
    await put(5, memory)
    expect(await read()).toMatchObject({ version: null, answer: null })
    await put(6, memory)
    expect(await read()).toMatchObject({ version: '6', answer: 'answer 6' })
    await publish(7)
    expect(await read()).toMatchObject({ version: '7', answer: 'answer 6' })
  }),
)
