import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { nodeBinary, npm, OLDEST_NODE } from './node-package.ts'
import { tryMcp } from './try-mcp.ts'
import { run } from './try-run.ts'

// What a user does: packs the package, installs it into an empty folder without install scripts, and runs it there,
// on the oldest Node that package.json promises and on the one that we develop on.

const ROOT = join(import.meta.dirname, '..')
const MAX_INSTALLED_BYTES = 15 * 1024 * 1024
const MODULES = ['nodenext', 'bundler']
const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall']

interface Manifest {
  readonly version: string
  readonly engines: { readonly node: string }
  readonly dependencies?: Readonly<Record<string, string>>
  readonly scripts?: Readonly<Record<string, string>>
}

const manifest = readManifest(ROOT)
const folder = mkdtempSync(join(tmpdir(), 'agent-memory-package-'))
try {
  await tryPackage()
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function tryPackage(): Promise<void> {
  assert(manifest.engines.node.includes(`^${OLDEST_NODE} `), `package.json promises ${OLDEST_NODE}`)
  install(pack())
  checkContents()
  for (const node of [nodeBinary(OLDEST_NODE), process.execPath]) await tryOn(node)
  tryTypes()
}

function pack(): string {
  npm(['pack', '--pack-destination', folder], ROOT)
  const [tarball] = readdirSync(folder).filter((name) => name.endsWith('.tgz'))
  assert(tarball !== undefined, 'npm pack made a tarball')
  return tarball
}

function install(tarball: string): void {
  writeFileSync(join(folder, 'package.json'), '{"private": true}')
  npm(['install', '--ignore-scripts', '--no-audit', '--no-fund', `./${tarball}`], folder)
}

function checkContents(): void {
  const modules = join(folder, 'node_modules')
  const bytes = folderBytes(modules)
  assert(bytes < MAX_INSTALLED_BYTES, `installed it takes ${(bytes / 1024 / 1024).toFixed(2)} MB, under 15`)
  const scripted = installedPackages(modules).filter((path) =>
    INSTALL_SCRIPTS.some((name) => readManifest(path).scripts?.[name] !== undefined),
  )
  assert(scripted.length === 0, `no package has an install script ${scripted.join(' ')}`)
  const own = join(modules, 'agent-memory')
  for (const name of [
    'LICENSE',
    'README.md',
    'dist/THIRD_PARTY_LICENSES.txt',
    'dist/main.js',
    'dist/page/index.html',
    'dist/words-44k.bin',
    'dist/types/embedded.d.ts',
    'dist/types/sdk/index.d.ts',
  ]) {
    assert(existsSync(join(own, name)), `it contains ${name}`)
  }
}

async function tryOn(node: string): Promise<void> {
  const program = join(folder, 'node_modules/agent-memory/dist/main.js')
  const dataDir = join(folder, 'data')
  const command = { node, program, cwd: folder, env: { AGENT_MEMORY_DATA_DIR: dataDir } }
  const { stdout: nodeVersion } = await run({ ...command, program: '--version' }, [])
  const { stdout, stderr } = await run(command, ['--version'])
  assert(stdout.trim() === manifest.version, `Node ${nodeVersion.trim()}: --version says ${stdout.trim()}`)
  assert(stderr === '', `Node ${nodeVersion.trim()}: nothing on stderr ${stderr}`)
  tryCommand(node)
  await tryImport(node)
  const tools = await tryMcp(command, manifest.version)
  assert(
    tools.length > 0,
    `Node ${nodeVersion.trim()}: MCP lists ${tools.length} tools, stores and finds an entry`,
  )
}

/** As a program imports it: both ways in, which are one module. */
async function tryImport(node: string): Promise<void> {
  const file = join(folder, 'imports.mjs')
  writeFileSync(
    file,
    `import { AgentMemory, AgentMemoryError } from 'agent-memory'
import { AgentMemoryError as same, openMemory } from 'agent-memory/embedded'
const memory = await openMemory({ dataDir: ${JSON.stringify(join(folder, 'embedded'))}, agentId: 'ann' })
await memory.tool.add({ scope_type: 'global', name: 'jq', content: 'JSON', upsert: true })
const { results } = await memory.query.search({ query: 'jq' })
await memory.close()
console.log(results[0].created_by, same === AgentMemoryError, typeof new AgentMemory({ url: 'http://localhost' }).follow)`,
  )
  const { stdout } = await run({ node, program: file, cwd: folder, env: {} }, [])
  assert(stdout === 'ann true function\n', `imported: an embedded memory stores and finds an entry ${stdout}`)
}

/** The examples of the guide compile against the types in the package, strictly, and wrong calls do not. */
function tryTypes(): void {
  const page = readFileSync(join(ROOT, 'docs/guides/sdk.md'), 'utf8')
  const blocks = [...page.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = '']) => code)
  assert(blocks.length > 3, `the guide has ${blocks.length} examples`)
  const head = "import { AgentMemory } from 'agent-memory'\nconst memory = new AgentMemory({ url: '' })\n"
  const wrong = [
    'await memory.guideline.add({ scope_type: "galaxy", name: "a", content: "b" })',
    'await memory.guideline.get({})',
    'await memory.query.search({ query: 5 })',
    'const { nothing } = await memory.health()',
  ].map((line) => `${head}// @ts-expect-error\n${line}\nexport {}\n`)
  const names = [...blocks, ...wrong].map((code, at) => {
    writeFileSync(join(folder, `example-${at}.mts`), code)
    return `example-${at}.mts`
  })
  for (const resolution of MODULES) {
    const types = ['--types', 'node', '--typeRoots', join(ROOT, 'node_modules/@types')]
    const module = resolution === 'nodenext' ? 'nodenext' : 'esnext'
    const options = [
      '--strict',
      '--noEmit',
      '--target',
      'es2022',
      '--module',
      module,
      '--moduleResolution',
      resolution,
    ]
    const tsc = join(ROOT, 'node_modules/typescript/lib/tsc.js')
    const { status, stdout } = spawnSync(process.execPath, [tsc, ...options, ...types, ...names], {
      cwd: folder,
      encoding: 'utf8',
    })
    assert(status === 0, `the types compile (${resolution}) ${stdout}`)
  }
}

/** As a shell runs it: by the name that npm puts on the path. */
function tryCommand(node: string): void {
  const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env['PATH']}` }
  const command = join(folder, 'node_modules/.bin/agent-memory')
  const isWindows = process.platform === 'win32'
  const answer = execFileSync(isWindows ? `${command}.cmd` : command, ['--version'], {
    env,
    shell: isWindows,
  })
  assert(answer.toString().trim() === manifest.version, 'the command agent-memory runs')
}

function installedPackages(modules: string): string[] {
  const names = readdirSync(modules, { recursive: true, encoding: 'utf8' })
  return names
    .filter((name) => /(^|node_modules[\\/])(@[^\\/]+[\\/])?[^\\/@.]+[\\/]package\.json$/.test(name))
    .map((name) => join(modules, name, '..'))
}

function folderBytes(path: string): number {
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' })
  return names.reduce((sum, name) => sum + statSync(join(path, name)).size, 0)
}

function readManifest(path: string): Manifest {
  return JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as Manifest
}

function assert(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(`not so: ${what}`)
  console.log(`ok: ${what}`)
}
