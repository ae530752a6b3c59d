import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { findWorkspace } from '../../src/services/workspace/workspace.ts'
import { type TestApp, withApp } from '../support/app.ts'
import { git, makeRepository } from '../support/git.ts'

const KNOWLEDGE = 'memory_knowledge'
const SCOPE = 'memory_scope'

interface Place {
  readonly t: TestApp
  readonly folder: string
}

/** An app, and a folder for repositories. */
async function withPlace(body: (place: Place) => Promise<void>): Promise<void> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'agent-memory-git-')))
  try {
    await withApp((t) => body({ t, folder }))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const at = (folder: string) => ({ workspace: findWorkspace(folder, undefined) })

async function keep({ t }: Place, folder: string, name = 'n'): Promise<string> {
  const { scope_id } = await t.call(KNOWLEDGE, 'add', { name, content: `of ${folder}` }, at(folder))
  return String(scope_id)
}

async function projectIn({ t }: Place, folder: string): Promise<string | null> {
  return (await t.call<{ id: string | null }>(SCOPE, 'current', {}, at(folder))).id
}

test('work trees of a bare repository, beside it and in a hub, are one project', () =>
  withPlace(async (place) => {
    const { folder } = place
    makeRepository(join(folder, 'src'))
    mkdirSync(join(folder, 'hub'))
    for (const [bare, home] of [
      ['hub/.bare', 'hub'],
      ['app.git', '.'],
    ] as const) {
      git(folder, 'clone', '-q', '--bare', 'src', bare)
      git(join(folder, bare), 'worktree', 'add', '-q', join(folder, home, 'one'), 'main')
      git(join(folder, bare), 'worktree', 'add', '-q', join(folder, home, 'two'), '-b', 'two')
    }
    writeFileSync(join(folder, 'hub', '.git'), 'gitdir: ./.bare\n')
    expect(at(join(folder, 'hub/one')).workspace.root).toBe(join(folder, 'hub'))
    expect(at(join(folder, 'two')).workspace.root).toBe(join(folder, 'app.git'))
    const id = await keep(place, join(folder, 'hub/one'))
    for (const other of ['hub/two', 'hub', 'hub/.bare'])
      expect(await projectIn(place, join(folder, other))).toBe(id)
    const { name } = await place.t.call(SCOPE, 'get', {}, at(join(folder, 'one')))
    expect(name).toBe('hub')
  }))

test('a git directory put elsewhere, and its linked work trees, are one project', () =>
  withPlace(async (place) => {
    const main = makeRepository(join(place.folder, 'app'), '--separate-git-dir', join(place.folder, 'store'))
    git(main, 'worktree', 'add', '-q', join(place.folder, 'linked'), '-b', 'linked')
    const id = await keep(place, join(place.folder, 'linked'))
    expect(await projectIn(place, main)).toBe(id)
  }))

test('a work tree whose repository is out of sight, as in a container, is still a work tree of it', () =>
  withPlace(async (place) => {
    const { folder } = place
    const app = makeRepository(join(folder, 'app'))
    git(app, 'worktree', 'add', '-q', join(folder, 'linked'), '-b', 'linked')
    git(folder, 'clone', '-q', '--bare', 'app', 'hub/.bare')
    git(join(folder, 'hub/.bare'), 'worktree', 'add', '-q', join(folder, 'hub/one'), 'main')
    writeFileSync(join(folder, 'hub/.git'), 'gitdir: ./.bare\n')
    git(folder, 'clone', '-q', '--bare', 'app', 'lib.git')
    git(join(folder, 'lib.git'), 'worktree', 'add', '-q', join(folder, 'of-lib'), 'main')
    for (const [repository, tree] of [
      ['app', 'linked'],
      ['hub', 'hub/one'],
      ['lib.git', 'of-lib'],
    ] as const) {
      const id = await keep(place, join(folder, tree), tree)
      renameSync(join(folder, repository), join(folder, `away-${repository}`))
      const still = join(folder, tree.replace(/^hub/, 'away-hub'))
      expect(await projectIn(place, still)).toBe(id)
      expect(at(still).workspace.pathRoot).toBe(still)
    }
  }))

test('a work tree that was moved by hand and pruned is still one of its repository', () =>
  withPlace(async (place) => {
    const app = makeRepository(join(place.folder, 'app'))
    git(app, 'worktree', 'add', '-q', join(place.folder, 'linked'), '-b', 'linked')
    const id = await keep(place, app)
    renameSync(join(place.folder, 'linked'), join(place.folder, 'moved'))
    git(app, 'worktree', 'prune')
    expect(await projectIn(place, join(place.folder, 'moved'))).toBe(id)
  }))

test('a submodule stays a project of its own, also in a work tree and after the move of both', () =>
  withPlace(async (place) => {
    const { folder } = place
    makeRepository(join(folder, 'library'))
    const app = makeRepository(join(folder, 'app'))
    git(app, 'submodule', '--quiet', 'add', join(folder, 'library'), 'sub')
    git(app, 'commit', '-q', '-m', 'sub')
    git(join(app, 'sub'), 'worktree', 'add', '-q', join(folder, 'sub-linked'), '-b', 'linked')
    const [outer, inner] = [await keep(place, app), await keep(place, join(app, 'sub'))]
    expect(inner).not.toBe(outer)
    expect(await projectIn(place, join(folder, 'sub-linked'))).toBe(inner)
    renameSync(app, join(folder, 'moved'))
    expect(await projectIn(place, join(folder, 'moved'))).toBe(outer)
    expect(await projectIn(place, join(folder, 'moved/sub'))).toBe(inner)
  }))

test('a folder that is moved, copied, cloned or reached by a link is the same project', () =>
  withPlace(async (place) => {
    const { folder, t } = place
    const app = makeRepository(join(folder, 'app'))
    const id = await keep(place, app)
    git(folder, 'clone', '-q', 'app', 'clone')
    cpSync(app, join(folder, 'copy'), { recursive: true })
    symlinkSync(app, join(folder, 'link'))
    for (const other of ['clone', 'copy', 'link'])
      expect(await projectIn(place, join(folder, other))).toBe(id)
    renameSync(app, join(folder, 'moved'))
    expect(await projectIn(place, join(folder, 'moved'))).toBe(id)
    await keep(place, join(folder, 'moved'), 'later')
    expect(await t.call(SCOPE, 'get', { scope_id: id })).toMatchObject({ root_path: join(folder, 'moved') })
  }))

test.each([
  ['git@work:team/app.git', 'https://example.com/team/app', true],
  ['ssh://git@work:22/team/app.git', 'git@example.com:team/app', true],
  ['git@old:team/app', 'https://old.example.com/team/app', true],
  ['git@matched:team/app', 'https://example.com/team/app', false],
  ['git@work2:team/app', 'https://example.com/team/app', false],
  ['https://work/team/app', 'https://example.com/team/app', false],
])('%s of an SSH configuration and %s are one project: %s', (alias, address, isOne) =>
  withPlace(async (place) => {
    const { folder } = place
    const config =
      '# mine\n\nHost other work\n  User git\n  hostname="example.com"\nHost old\nHostName %h.example.com\nMatch host matched\nHostName example.com\nHost work*\nHostName nowhere.invalid\n'
    mkdirSync(join(folder, '.ssh'))
    writeFileSync(join(folder, '.ssh/config'), config)
    vi.stubEnv('HOME', folder)
    try {
      for (const [name, url] of [
        ['a', alias],
        ['b', address],
      ] as const) {
        mkdirSync(join(folder, name))
        git(join(folder, name), 'init', '-q')
        git(join(folder, name), 'remote', 'add', 'origin', url)
      }
      const kept = await keep(place, join(folder, 'a'))
      const found = await projectIn(place, join(folder, 'b'))
      if (isOne) expect(found).toBe(kept)
      else expect(found).not.toBe(kept)
      // What cannot be read is passed over.
      rmSync(join(folder, '.ssh/config'))
      mkdirSync(join(folder, '.ssh/config'))
      expect(await projectIn(place, join(folder, 'a'))).toBe(kept)
    } finally {
      vi.unstubAllEnvs()
    }
  }),
)

test('a clone without history is known by its remote, whatever the way to it', () =>
  withPlace(async (place) => {
    const { folder } = place
    const app = makeRepository(join(folder, 'app'))
    git(app, 'commit', '-q', '--allow-empty', '-m', 'second')
    git(app, 'remote', 'add', 'origin', 'git@example.com:Acme/App.git')
    const id = await keep(place, app)
    git(folder, 'clone', '-q', '--depth', '1', `file://${app}`, 'shallow')
    const shallow = join(folder, 'shallow')
    expect(await projectIn(place, shallow)).toBeNull()
    git(shallow, 'remote', 'set-url', 'origin', 'https://ada:secret@example.com/acme/app')
    expect(await projectIn(place, shallow)).toBe(id)
    expect(JSON.stringify(await place.t.call(SCOPE, 'get', { scope_id: id }))).not.toContain('secret')
  }))

test('packed references are no matter', () =>
  withPlace(async (place) => {
    const app = makeRepository(join(place.folder, 'app'))
    git(app, 'pack-refs', '--all')
    git(app, 'gc', '-q')
    const id = await keep(place, app)
    renameSync(app, join(place.folder, 'moved'))
    expect(await projectIn(place, join(place.folder, 'moved'))).toBe(id)
  }))

test('where two projects fit none is chosen, and it is said how to settle it', () =>
  withPlace(async (place) => {
    const { folder, t } = place
    const ids = []
    for (const name of ['one', 'two']) {
      const app = makeRepository(join(folder, name))
      git(app, 'remote', 'add', 'origin', `https://example.com/acme/${name}`)
      ids.push(await keep(place, app))
    }
    const third = makeRepository(join(folder, 'third'))
    git(third, 'remote', 'add', 'a', 'https://example.com/acme/one')
    git(third, 'remote', 'add', 'b', 'https://example.com/acme/two')
    const current = await t.call<{ hint: string }>(SCOPE, 'current', {}, at(third))
    expect(current).toMatchObject({ id: null, exists: false })
    for (const id of ids) expect(current.hint).toContain(id)
    expect(current.hint).toMatch(/2 projects fit .* scope move .*AGENT_MEMORY_PROJECT/)
    expect(ids).not.toContain(await keep(place, third))
  }))

test('two repositories that began from one template are two projects, and a fork is the same', () =>
  withPlace(async (place) => {
    const { folder, t } = place
    makeRepository(join(folder, 'template'))
    const begun = (name: string, address: string) => {
      git(folder, 'clone', '-q', 'template', name)
      git(join(folder, name), 'remote', 'set-url', 'origin', address)
      return join(folder, name)
    }
    const shop = begun('shop', 'git@example.com:acme/shop.git')
    const blog = begun('blog', 'git@example.com:acme/blog.git')
    const id = await keep(place, shop)
    expect(await t.call(SCOPE, 'current', {}, at(blog))).toMatchObject({
      id: null,
      hint: expect.stringMatching(/same commit.*shop.* scope move /),
    })
    expect(await keep(place, blog)).not.toBe(id)
    expect(await projectIn(place, begun('fork', 'https://example.com/ann/shop'))).toBe(id)
    renameSync(shop, join(folder, 'moved'))
    expect(await keep(place, join(folder, 'moved'), 'after the move')).toBe(id)
    git(join(folder, 'moved'), 'remote', 'set-url', 'origin', 'git@example.com:acme/store.git')
    expect(await keep(place, join(folder, 'moved'), 'after the address changed')).toBe(id)
  }))

test('another repository in the folder of one that was moved is another project', () =>
  withPlace(async (place) => {
    const { folder, t } = place
    const app = join(folder, 'app')
    const id = await keep(place, makeRepository(app))
    renameSync(app, join(folder, 'moved'))
    makeRepository(app)
    writeFileSync(join(app, 'other'), '')
    git(app, 'add', '.')
    git(app, 'commit', '-q', '--amend', '-m', 'other')
    expect(await t.call(SCOPE, 'current', {}, at(app))).toMatchObject({
      id: null,
      hint: expect.stringContaining('made for another repository'),
    })
    const other = await keep(place, app)
    expect(other).not.toBe(id)
    expect(await projectIn(place, join(folder, 'moved'))).toBe(id)
    expect(await projectIn(place, app)).toBe(other)
  }))

test('a project of an earlier version is found by its folder, and learns what it is known by', () =>
  withPlace(async (place) => {
    const { folder, t } = place
    const app = makeRepository(join(folder, 'app'))
    const made = { scope_type: 'project', name: 'app', root_path: app, metadata: { team: 'blue' } }
    const { id } = await t.call<{ id: string }>(SCOPE, 'create', made)
    expect(await keep(place, app)).toBe(id)
    await t.call(SCOPE, 'update', { scope_id: id, metadata: { team: 'red' } })
    renameSync(app, join(folder, 'moved'))
    expect(await projectIn(place, join(folder, 'moved'))).toBe(id)
    expect(await t.call(SCOPE, 'get', { scope_id: id })).toMatchObject({ metadata: { team: 'red' } })
  }))

test('a repository that nothing tells apart gets a hint at the project whose folder is gone', () =>
  withPlace(async ({ t, folder }) => {
    mkdirSync(join(folder, 'app/.git'), { recursive: true })
    const id = await keep({ t, folder }, join(folder, 'app'))
    renameSync(join(folder, 'app'), join(folder, 'app-v2'))
    const { hint } = await t.call<{ hint: string }>(SCOPE, 'current', {}, at(join(folder, 'app-v2')))
    expect(hint).toContain(id)
    expect(hint).toContain(`scope move "${join(folder, 'app')}" "${join(folder, 'app-v2')}"`)
    const read = await t.call<{ hint: string }>(
      'memory_query',
      'search',
      { query: 'x' },
      at(join(folder, 'app-v2')),
    )
    expect(read.hint).toBe(hint)
  }))

// As of another user's folder, whose reason is EACCES.
test('a folder that cannot be read is refused with what to do', () =>
  withPlace(async ({ folder }) => {
    writeFileSync(join(folder, 'file'), '')
    expect(() => at(join(folder, 'file/below'))).toThrow(
      expect.objectContaining({
        message: `The folder ${join(folder, 'file/below')} cannot be read (ENOTDIR).`,
        suggestion: expect.stringContaining('AGENT_MEMORY_ROOT'),
      }),
    )
  }))

test('a folder without a repository is the project that was made for it', () =>
  withPlace(async ({ t, folder }) => {
    const root_path = join(folder, 'notes')
    mkdirSync(join(root_path, 'deep'), { recursive: true })
    expect(await t.call(SCOPE, 'current', {}, at(root_path))).toMatchObject({ scope_type: 'global' })
    const { id } = await t.call<{ id: string }>(SCOPE, 'create', {
      scope_type: 'project',
      name: 'notes',
      root_path,
    })
    expect(await t.call(SCOPE, 'current', {}, at(join(root_path, 'deep')))).toMatchObject({ id })
  }))

test('nothing of git is asked for before the first write', () =>
  withPlace(async ({ folder }) => {
    const app = makeRepository(join(folder, 'app'))
    const before = readFileSync(join(app, '.git/HEAD'), 'utf8')
    const { repository } = findWorkspace(app, undefined)
    // What has changed since is seen: its commits are read when they are asked for.
    git(app, 'checkout', '-q', '--orphan', 'other')
    git(app, 'commit', '-q', '-m', 'another beginning')
    expect(before).not.toBe(readFileSync(join(app, '.git/HEAD'), 'utf8'))
    expect((await repository?.marks())?.commits).toEqual([git(app, 'rev-parse', 'HEAD').trim()])
  }))

test('git is started for the first write to a project, and neither for what comes before nor again for one that knows its repository', () =>
  withPlace(async ({ t, folder }) => {
    const app = makeRepository(join(folder, 'app'))
    git(app, 'remote', 'add', 'origin', 'https://example.com/acme/app.git')
    let asked = 0
    /** A connection of its own, as each command of a shell is. */
    const connection = () => {
      const workspace = findWorkspace(app, undefined)
      const { repository } = workspace
      if (!repository) throw new RangeError('a repository was made there')
      const { remotes } = repository
      const marks = () => {
        asked++
        return repository.marks()
      }
      return { workspace: { ...workspace, repository: { remotes, marks } } }
    }
    await t.call('memory_file_lock', 'checkout', { file_path: 'a.ts' }, connection())
    await t.call(KNOWLEDGE, 'list', {}, connection())
    expect(asked).toBe(0)
    await t.call(KNOWLEDGE, 'add', { name: 'one', content: 'c' }, connection())
    const first = asked
    expect(first).toBeGreaterThan(0)
    await t.call(KNOWLEDGE, 'add', { name: 'two', content: 'c' }, connection())
    expect(asked).toBe(first)
    git(app, 'remote', 'add', 'fork', 'https://example.com/ann/app.git')
    await t.call(KNOWLEDGE, 'add', { name: 'three', content: 'c' }, connection())
    expect(asked).toBeGreaterThan(first)
    expect(await t.call(SCOPE, 'get', {}, connection())).toMatchObject({
      metadata: { repository: { remotes: ['example.com/acme/app', 'example.com/ann/app'] } },
    })
  }))
