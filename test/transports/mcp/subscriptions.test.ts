import { type Client, ResourceNotFoundError } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openClient, openShared, REVISIONS, type Revision } from '../../support/mcp.ts'

/** A client that subscribes in the way of its revision, and remembers its notifications. */
class Subscriber {
  readonly client: Client
  readonly heard: string[] = []
  onHeard: () => unknown = () => {}
  readonly #isOld: boolean
  readonly #closers = new Map<string, () => Promise<unknown>>()

  constructor(client: Client, revision: Revision) {
    this.client = client
    this.#isOld = revision === '2025-11-25'
    client.setNotificationHandler('notifications/resources/updated', ({ params }) => {
      this.heard.push(params.uri)
      void this.onHeard()
    })
    client.setNotificationHandler('notifications/resources/list_changed', () => {
      this.heard.push('list')
    })
  }

  async subscribe(...uris: readonly string[]): Promise<void> {
    if (this.#isOld) {
      for (const uri of uris) {
        await this.client.subscribeResource({ uri })
        this.#closers.set(uri, () => this.client.unsubscribeResource({ uri }))
      }
      return
    }
    const listening = await this.client.listen({ resourceSubscriptions: [...uris] })
    expect(listening.honoredFilter).toEqual({ resourceSubscriptions: uris })
    this.#closers.set(uris.join(' '), () => listening.close())
  }

  /** Old clients are notified once they have read the list. */
  async watchList(): Promise<void> {
    if (this.#isOld) {
      await this.client.listResources()
      return
    }
    const listening = await this.client.listen({ resourcesListChanged: true })
    this.#closers.set('list', () => listening.close())
  }

  /** Ends what was subscribed to so far. */
  async unsubscribe(): Promise<void> {
    for (const close of this.#closers.values()) await close()
    this.#closers.clear()
    this.heard.length = 0
  }

  async hears(...uris: readonly string[]): Promise<void> {
    await expect.poll(() => this.heard, { interval: 2 }).toEqual(expect.arrayContaining([...uris]))
  }
}

describe.each(REVISIONS)('subscriptions on revision %s', (revision) => {
  let reader: Subscriber
  let writer: Client
  let close: () => Promise<void>

  beforeAll(async () => {
    const shared = await openShared(revision)
    reader = new Subscriber(shared.client, revision)
    writer = await openClient(shared.dataDir)
    close = async () => {
      await writer.close()
      await shared.close()
    }
  })
  afterAll(() => close())

  async function call(name: string, args: Record<string, unknown>): Promise<Record<string, unknown>> {
    const { structuredContent, isError } = await writer.callTool({ name, arguments: args })
    if (isError) throw new Error(JSON.stringify(structuredContent))
    return structuredContent as Record<string, unknown>
  }

  async function addEntry(
    name: string,
    args: Record<string, unknown> = {},
  ): Promise<{ id: string; uri: string }> {
    const { id } = await call('memory_guideline', { action: 'add', name, content: 'Text.', ...args })
    return { id: String(id), uri: `memory://entry/${id}` }
  }

  /**
   * A write in the other process that the reader is notified of: what came before it has been notified by
   * then.
   */
  async function settle(): Promise<void> {
    const mark = await addEntry(`mark ${Math.random()}`)
    await reader.subscribe(mark.uri)
    await call('memory_guideline', { action: 'delete', id: mark.id })
    await reader.hears(mark.uri)
  }

  test('both are declared', () => {
    expect(reader.client.getServerCapabilities()?.resources).toEqual({ subscribe: true, listChanged: true })
  })

  test('every change of a memory by another process is notified, and no other one', async () => {
    const entry = await addEntry('watched')
    const other = await addEntry('other')
    await reader.subscribe(entry.uri)
    await call('memory_guideline', { action: 'update', id: other.id, content: 'Other.' })
    for (const [action, args] of [
      ['update', { content: 'New.' }],
      ['deactivate', {}],
      ['reactivate', {}],
      ['delete', {}],
    ] as const) {
      reader.heard.length = 0
      await call('memory_guideline', { action, id: entry.id, ...args })
      await reader.hears(entry.uri)
      expect(reader.heard).not.toContain(other.uri)
    }
    await reader.unsubscribe()
  })

  test('the context is notified of what is written anywhere in its chain, and not beside it', async () => {
    const org = await call('memory_scope', { action: 'create', scope_type: 'org', name: `org ${revision}` })
    const beside = { scope_type: 'org', scope_id: org['id'] }
    const ofOrg = `memory://context/${org['id']}`
    await reader.subscribe('memory://context', ofOrg)
    await addEntry('in the project')
    await reader.hears('memory://context')
    expect(reader.heard).not.toContain(ofOrg)
    reader.heard.length = 0
    await addEntry('in the org', beside)
    await reader.hears(ofOrg)
    expect(reader.heard).not.toContain('memory://context')
    reader.heard.length = 0
    await addEntry('for all', { scope_type: 'global' })
    await reader.hears('memory://context', ofOrg)
    reader.heard.length = 0
    await call('memory_scope', { action: 'delete', scope_id: org['id'], cascade: true })
    await reader.hears(ofOrg)
    await reader.unsubscribe()
  })

  test('locks that are taken, released and forced by another process are notified', async () => {
    await reader.subscribe('memory://locks')
    const lock = { file_path: 'src/a.ts' }
    for (const [action, args] of [
      ['checkout', {}],
      ['checkin', {}],
      ['checkout', {}],
      ['force_unlock', { reason: 'test' }],
    ] as const) {
      reader.heard.length = 0
      await call('memory_file_lock', { action, ...lock, ...args })
      await reader.hears('memory://locks')
    }
    await reader.unsubscribe()
  })

  test('a client that reads again at each notification ends up knowing that a lock has run out', async () => {
    let known: unknown
    reader.onHeard = async () => {
      const { contents } = await reader.client.readResource({ uri: 'memory://locks' })
      known = JSON.parse(String(contents[0] && 'text' in contents[0] && contents[0].text))
    }
    await reader.subscribe('memory://locks')
    await call('memory_file_lock', { action: 'checkout', file_path: 'src/b.ts', ttl_ms: 200 })
    await expect.poll(() => known, { interval: 2 }).toEqual({ locks: [] })
    reader.onHeard = () => {}
    await reader.unsubscribe()
  })

  test('memories that come and go are notified as changes of the list', async () => {
    await reader.watchList()
    const entry = await addEntry('comes and goes')
    await reader.hears('list')
    reader.heard.length = 0
    await call('memory_guideline', { action: 'delete', id: entry.id })
    await reader.hears('list')
    await reader.unsubscribe()
  })

  test('no notification comes after unsubscribing', async () => {
    const entry = await addEntry('left')
    await reader.subscribe(entry.uri)
    await reader.unsubscribe()
    await call('memory_guideline', { action: 'update', id: entry.id, content: 'New.' })
    await settle()
    expect(reader.heard).not.toContain(entry.uri)
    await reader.unsubscribe()
  })

  test.each([
    'memory://entry/019a0000-0000-7000-8000-000000000000',
    'memory://context/nowhere',
    'memory://nothing',
    'file:///etc/passwd',
  ])('%s cannot be subscribed to', async (uri) => {
    const error = await reader.subscribe(uri).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: -32602, data: { uri } })
    if (revision === '2025-11-25') expect(error).toBeInstanceOf(ResourceNotFoundError)
  })

  test('a connection may subscribe to 1000 resources, and the refusal of one more names that limit', async () => {
    const { id } = await addEntry('often')
    const uris = Array.from({ length: 1_001 }, (_, i) => spelling(id, i))
    const [one = '', ...others] = uris
    await reader.subscribe(...others)
    const error = await reader.subscribe(one).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: -32602, data: { error: { name: 'TOO_LARGE' } } })
    expect(String(error)).toContain('1000')
    await reader.unsubscribe()
    await reader.subscribe(one)
    await reader.unsubscribe()
  })
})

/** One of many URIs of the same memory: the bits of `n` say which characters are escaped. */
function spelling(id: string, n: number): string {
  const escaped = [...id].map((char, i) =>
    (n >> i) % 2 === 1 && i < 16 ? `%${char.charCodeAt(0).toString(16)}` : char,
  )
  return `memory://entry/${escaped.join('')}`
}
