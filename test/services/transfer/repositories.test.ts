import { describe, expect, test } from 'vitest'
import { type TestApp, withApp } from '../../support/app.ts'
import { exported, imported } from './files.ts'

// A project is known by its repository: the same one at another path is the same project, another one in the same folder is not.

interface Shown {
  readonly id: string
  readonly name: string
  readonly root_path: string | null
}

interface Place {
  readonly root: string
  readonly remotes?: readonly string[]
  readonly commits?: readonly string[]
}

/** A call from a repository in that folder, as another machine has it. */
function from({ root, remotes = [], commits = [] }: Place) {
  const repository = { remotes, marks: async () => ({ remotes, commits, git_dirs: [] }) }
  return { workspace: { project: null, root, pathRoot: root, repository } }
}

function addFact(t: TestApp, place: Place, content: string): Promise<Shown> {
  return t.call<Shown>('memory_knowledge', 'add', { name: `about ${content}`, content }, from(place))
}

async function found(t: TestApp, place: Place, query: string): Promise<string[]> {
  const { results } = await t.call<{ results: Shown[] }>('memory_query', 'search', { query }, from(place))
  return results.map(({ name }) => name)
}

async function projects(t: TestApp): Promise<Shown[]> {
  const listed = { scope_type: 'project', limit: 50 }
  return (await t.call<{ scopes: Shown[] }>('memory_scope', 'list', listed)).scopes
}

const theirs = { root: '/home/ann/shop', remotes: ['example.com/acme/shop'], commits: ['c1'] }

describe('a project of the file whose repository lies at another path here', () => {
  test('is found there when nothing had been written', () =>
    withApp((there) =>
      withApp(async (here) => {
        await addFact(there, theirs, 'postgres')
        await imported(here, await exported(there))
        const moved = { ...theirs, root: '/work/elsewhere' }
        expect(await found(here, moved, 'postgres')).toEqual(['about postgres'])
      }),
    ))

  test.each<[string, Place]>([
    ['remote', { root: '/src/checkout', remotes: theirs.remotes }],
    ['first commit', { root: '/src/checkout', commits: theirs.commits }],
  ])('is the project that has its %s here, under whatever name', (_mark, ours) =>
    withApp((there) =>
      withApp(async (here) => {
        await addFact(there, theirs, 'postgres')
        await addFact(here, ours, 'redis')
        await imported(here, await exported(there), { onConflict: 'keep' })
        expect(await projects(here)).toMatchObject([{ name: 'checkout', root_path: '/src/checkout' }])
        expect(await found(here, ours, 'postgres')).toEqual(['about postgres'])
        expect(await found(here, ours, 'redis')).toEqual(['about redis'])
      }),
    ),
  )

  test('stays on its own where two projects here have its marks', () =>
    withApp((there) =>
      withApp(async (here) => {
        await addFact(there, { ...theirs, commits: [] }, 'postgres')
        const marks = { remotes: theirs.remotes, commits: [] }
        for (const name of ['one', 'two']) {
          const metadata = { repository: { ...marks, git_dirs: [] } }
          await here.call('memory_scope', 'create', { scope_type: 'project', name, metadata })
        }
        await imported(here, await exported(there), { onConflict: 'keep' })
        expect((await projects(here)).map(({ name }) => name).sort()).toEqual(['one', 'shop', 'two'])
      }),
    ))
})

test('another repository in the same folder, of the same name, is a project of its own; a second import changes nothing', () =>
  withApp((there) =>
    withApp(async (here) => {
      await addFact(there, theirs, 'postgres')
      const ours = { root: theirs.root, remotes: ['example.com/bob/shop'], commits: ['c2'] }
      await addFact(here, ours, 'redis')
      const file = await exported(there)
      await imported(here, file)
      const after = await exported(here)
      const listed = (await projects(here)).map(({ name, root_path }) => [name, root_path])
      expect(listed.toSorted()).toEqual([
        ['shop 2', null],
        ['shop', theirs.root],
      ])
      expect(await found(here, ours, 'postgres')).toEqual([])
      expect(await found(here, { ...theirs, root: '/elsewhere' }, 'postgres')).toEqual(['about postgres'])
      await imported(here, file)
      expect(await exported(here)).toBe(after)
    }),
  ))
