import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, expect, test, vi } from 'vitest'
import { JointWrites } from '../../../src/store/writing/joint-writes.ts'
import { type TestApp, withApp } from '../../support/app.ts'
import { whileClockStands } from '../../support/time.ts'
import { until } from '../../support/until.ts'

// Additions that come while another process writes to the file share the next transaction: what each of them is promised alone it is
// promised there.

interface World {
  readonly t: TestApp
  readonly projects: readonly string[]
}

/** An App that has added to each of three projects. */
const inWorld = (body: (world: World) => Promise<void>) =>
  withApp(async (t) => {
    const projects: string[] = []
    for (const name of ['a', 'b', 'c']) {
      const { id } = await t.call<{ id: string }>('memory_scope', 'create', { scope_type: 'project', name })
      projects.push(id)
      await t.call('memory_knowledge', 'add', addition(id, 'first'))
    }
    await body({ t, projects })
  })

const addition = (project: string | undefined, name: string) => ({
  scope_type: 'project',
  scope_id: project,
  name,
  content: `text of ${name}`,
  tags: ['one', name],
})

afterEach(() => vi.restoreAllMocks())

/** What is asked for while the file is taken, once so many additions wait for it. */
async function whileTaken<T>({ t }: World, waiting: number, ask: () => Promise<T>): Promise<T> {
  const added = vi.spyOn(JointWrites.prototype, 'add')
  const other = new DatabaseSync(join(t.dataDir, 'memory.db'))
  other.exec('begin immediate')
  return whileClockStands(async () => {
    const asked = ask()
    await until('all additions wait', () => added.mock.calls.length === waiting)
    other.exec('rollback')
    return asked
  }).finally(() => other.close())
}

const addAll = ({ t, projects }: World, names: readonly string[]) =>
  Promise.allSettled(
    names.map((name, n) =>
      t.call<{ name: string }>('memory_knowledge', 'add', addition(projects[n % projects.length], name)),
    ),
  )

const numbered = (count: number) => Array.from({ length: count }, (_, n) => `entry ${n}`)
const outcomesOf = (outcomes: readonly PromiseSettledResult<{ name: string }>[]) =>
  outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value.name : outcome.reason.errorName))

interface Event {
  readonly seq: number
  readonly scope: { readonly id: string }
  readonly versions: Readonly<Record<string, number>>
}

async function created({ t }: World, since: number): Promise<readonly Event[]> {
  const args = { since, scope_type: 'project', types: ['entry.created'], limit: 100 }
  return (await t.call<{ events: Event[] }>('memory_event', 'list', args)).events
}

const lastSeq = async ({ t }: World) => (await t.call<{ last_seq: number }>('memory_event', 'list')).last_seq

test('they are one transaction, each with its entry, its tags, its words and its event', () =>
  inWorld(async (world) => {
    const since = await lastSeq(world)
    const names = numbered(12)
    expect(outcomesOf(await whileTaken(world, 12, () => addAll(world, names)))).toEqual(names)
    const events = await created(world, since)
    expect(events).toHaveLength(12)
    // A version of a scope for each transaction.
    for (const project of world.projects) {
      const versions = events.filter(({ scope }) => scope.id === project).map((event) => event.versions)
      expect(versions).toHaveLength(4)
      expect(new Set(versions.map((each) => JSON.stringify(each))).size).toBe(1)
    }
    const [project] = world.projects
    const search = { scope_type: 'project', scope_id: project, query: 'entry', tags: ['one'] }
    const { results } = await world.t.call<{ results: { name: string }[] }>('memory_query', 'search', search)
    const own = ['entry 0', 'entry 3', 'entry 6', 'entry 9']
    expect(results.map(({ name }) => name).filter((name) => name !== 'first')).toEqual(
      expect.arrayContaining(own),
    )
  }))

test('a name that is taken is refused to its own caller alone', () =>
  inWorld(async (world) => {
    const names = ['entry 0', 'entry 1', 'entry 2', 'first', 'entry 4']
    const outcomes = await whileTaken(world, 5, () => addAll(world, names))
    expect(outcomesOf(outcomes)).toEqual(['entry 0', 'entry 1', 'entry 2', 'ALREADY_EXISTS', 'entry 4'])
  }))

test('of several of one name one is acknowledged, and those beside them are stored', () =>
  inWorld(async (world) => {
    // To the first project, each third.
    const names = ['wanted', 'entry 1', 'entry 2', 'wanted', 'entry 4', 'entry 5', 'wanted']
    const outcomes = outcomesOf(await whileTaken(world, 7, () => addAll(world, names)))
    expect(outcomes.filter((outcome) => outcome === 'ALREADY_EXISTS')).toHaveLength(2)
    expect(outcomes.filter((outcome) => outcome !== 'ALREADY_EXISTS').toSorted()).toEqual(
      ['entry 1', 'entry 2', 'entry 4', 'entry 5', 'wanted'].toSorted(),
    )
  }))

test('a project that another process has deleted meanwhile refuses its own additions', () =>
  inWorld(async (world) => {
    const second = await world.t.secondApp()
    await second.call('memory_scope', 'delete', { scope_id: world.projects[0], cascade: true })
    const outcomes = await whileTaken(world, 6, () => addAll(world, numbered(6)))
    const kept = ['entry 1', 'entry 2', 'entry 4', 'entry 5']
    expect(outcomesOf(outcomes).filter((outcome) => outcome !== 'NOT_FOUND')).toEqual(kept)
    expect(outcomesOf(outcomes).filter((outcome) => outcome === 'NOT_FOUND')).toHaveLength(2)
  }))
