import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { LAYER_RULES } from '../../scripts/layer-rules.ts'
import { checkLayers } from '../../scripts/layers.ts'

const REPOSITORY = join(import.meta.dirname, '../..')

/** A small tree that keeps every rule. */
const SOUND = {
  'src/domain/entry.ts': 'export const entry = 1',
  'src/version.ts': "export const VERSION = '0'",
  'src/config/settings.ts': "import { entry } from '../domain/entry.ts'\nexport const settings = entry",
  'src/config.ts': "import { settings } from './config/settings.ts'\nexport const config = settings",
  'src/store/entries.ts':
    "import { sql } from 'kysely'\nimport { entry } from '../domain/entry.ts'\nexport const entries = [sql, entry]",
  'src/store/sqlite/open.ts':
    "import { DatabaseSync } from 'node:sqlite'\nimport { entries } from '../entries.ts'\nexport const open = [DatabaseSync, entries]",
  'src/store/postgres/open.ts': "import { Pool } from 'pg'\nexport const open = Pool",
  'src/coordination/redis/open.ts':
    "import { createClient } from '@redis/client'\nexport const open = createClient",
  'src/coordination/cache.ts':
    "import type { entry } from '../domain/entry.ts'\nexport type Cache = typeof entry",
  'src/services/entries.ts':
    "import type { Cache } from '../coordination/cache.ts'\nimport { entries } from '../store/entries.ts'\nexport const service = entries as Cache | typeof entries",
  'src/operations/add.ts': "import { service } from '../services/entries.ts'\nexport const add = service",
  'src/transports/mcp.ts':
    "import { McpServer } from '@modelcontextprotocol/server'\nimport { add } from '../operations/add.ts'\nexport const mcp = [McpServer, add]",
  'src/page/main.tsx':
    "import { entry } from '../domain/entry.ts'\nimport type { add } from '../operations/add.ts'\nexport const main: [typeof entry, typeof add | undefined] = [entry, undefined]",
  'src/app/redis.ts':
    "import { open } from '../coordination/redis/open.ts'\nimport { open as database } from '../store/postgres/open.ts'\nexport const redis = [open, database]",
  'src/app.ts':
    "import { redis } from './app/redis.ts'\nimport { open } from './store/sqlite/open.ts'\nexport const app = [redis, open]",
  'src/main.ts':
    "import { app } from './app.ts'\nimport { mcp } from './transports/mcp.ts'\nexport const main = [app, mcp]",
  'test/support.ts': 'export const support = 1',
}

/** One breach of each rule: the rule, the file that breaks it, what it imports. */
const BREACHES: [rule: string, file: string, imported: string][] = [
  ['domain-imports-only-below', 'src/domain/bad.ts', '../store/entries.ts'],
  ['store-imports-only-below', 'src/store/bad.ts', '../coordination/cache.ts'],
  ['coordination-imports-only-below', 'src/coordination/bad.ts', '../store/entries.ts'],
  ['services-imports-only-below', 'src/services/bad.ts', '../operations/add.ts'],
  ['operations-imports-only-below', 'src/operations/bad.ts', '../store/entries.ts'],
  ['transports-imports-only-below', 'src/transports/bad.ts', '../store/entries.ts'],
  ['page-imports-only-below', 'src/page/bad.ts', '../services/entries.ts'],
  ['page-imports-only-types-of-operations', 'src/page/bad.tsx', '../operations/add.ts'],
  ['sdk-imports-only-below', 'src/sdk/bad.ts', '../operations/add.ts'],
  ['sdk-runs-without-node', 'src/sdk/bad.ts', 'node:path'],
  ['no-cycles', 'src/domain/bad.ts', './bad.ts'],
  ['no-unresolved', 'src/domain/bad.ts', './nowhere.ts'],
  ['sources-import-only-sources', 'src/bad.ts', '../test/support.ts'],
  ['config-imports-only-domain', 'src/config/bad.ts', '../services/entries.ts'],
  ['parts-of-config-only-from-config', 'src/app/bad.ts', '../config/settings.ts'],
  ['kysely-only-in-store', 'src/services/bad.ts', 'kysely'],
  ['sqlite-only-in-store-sqlite', 'src/store/bad.ts', 'node:sqlite'],
  ['pg-only-in-store-postgres', 'src/store/bad.ts', 'pg'],
  ['sqlite-parts-only-from-app', 'src/store/bad.ts', './sqlite/open.ts'],
  ['postgres-parts-only-from-app', 'src/services/bad.ts', '../store/postgres/open.ts'],
  ['redis-parts-only-from-app', 'src/services/bad.ts', '../coordination/redis/open.ts'],
  ['mcp-sdk-only-in-transports', 'src/services/bad.ts', '@modelcontextprotocol/server'],
  ['app-only-from-main', 'src/transports/bad.ts', '../app.ts'],
  ['parts-of-app-only-from-app', 'src/transports/bad.ts', '../app/redis.ts'],
  ['redis-client-only-in-coordination-redis', 'src/services/bad.ts', '@redis/client'],
  ['domain-touches-nothing', 'src/domain/bad.ts', 'node:fs'],
]

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'agent-memory-layers-'))
  symlinkSync(join(REPOSITORY, 'node_modules'), join(root, 'node_modules'))
  for (const [path, text] of Object.entries(SOUND)) write(path, text)
})

afterEach(() => rmSync(root, { recursive: true, force: true }))

describe('the layer check', () => {
  test('finds nothing wrong with a sound tree, and read all of it', async () => {
    const { violations, sources } = await checkLayers(root)
    expect(violations).toEqual([])
    expect(sources).toBe(Object.keys(SOUND).filter((path) => path.startsWith('src/')).length)
  })

  test.each(BREACHES)('%s catches %s importing %s', async (rule, file, imported) => {
    write(file, `import * as other from '${imported}'\nexport const bad = other`)
    expect(await rulesBroken()).toContain(rule)
  })

  test('a type is an import too', async () => {
    write(
      'src/domain/bad.ts',
      "import type { entries } from '../store/entries.ts'\nexport type Bad = typeof entries",
    )
    expect(await rulesBroken()).toEqual(['domain-imports-only-below'])
  })

  test('so is a dynamic import', async () => {
    write('src/operations/bad.ts', "export const bad = () => import('../store/entries.ts')")
    expect(await rulesBroken()).toEqual(['operations-imports-only-below'])
  })

  test('a cycle of three files is found', async () => {
    write('src/domain/a.ts', "import { b } from './b.ts'\nexport const a = () => b")
    write('src/domain/b.ts', "import { c } from './c.ts'\nexport const b = () => c")
    write('src/domain/c.ts', "import { a } from './a.ts'\nexport const c = () => a")
    expect(await rulesBroken()).toContain('no-cycles')
  })

  test.each(['verify', 'faults', 'bench'])('a cycle in %s/ is found', async (folder) => {
    write(`${folder}/a.ts`, "import { b } from './b.ts'\nexport const a = () => b")
    write(`${folder}/b.ts`, "import { a } from './a.ts'\nexport const b = () => a")
    expect(await rulesBroken()).toEqual(['no-cycles'])
  })

  test('a file that cannot be read as TypeScript is no silent pass', async () => {
    write('src/domain/broken.ts', 'export const = ;')
    await expect(checkLayers(root)).rejects.toThrow()
  })

  test('every rule has its breach here', () => {
    expect(LAYER_RULES.map(({ name }) => name).toSorted()).toEqual(BREACHES.map(([rule]) => rule).toSorted())
  })
})

async function rulesBroken(): Promise<string[]> {
  const { violations } = await checkLayers(root)
  return [...new Set(violations.map(({ rule }) => rule))]
}

function write(path: string, text: string): void {
  const file = join(root, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}
