import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { type Asked, judged, rowsOf, tableOf } from './eval/figures.ts'
import { openClient, PROGRAM } from './mcp-client.ts'

// The decision records and rules for agents of public repositories, imported as their owners would, asked over MCP stdio:
//   node bench/repositories.ts FOLDER
// FOLDER holds a checkout of each repository that bench/eval/repositories.json names, under the last part of its name.

interface Repository {
  readonly name: string
  readonly questions: readonly (readonly string[])[]
}

interface Report {
  readonly changes: readonly { readonly id: string; readonly file: string }[]
}

const [folder = '.'] = process.argv.slice(2)
const file = join(import.meta.dirname, 'eval/repositories.json')
const { repositories } = JSON.parse(readFileSync(file, 'utf8')) as { repositories: Repository[] }
for (const repository of repositories) {
  const asked = await ask(repository, resolve(folder, basename(repository.name)))
  process.stdout.write(`\n${repository.name}\n\n${tableOf(rowsOf(asked).slice(0, 1))}`)
}

/** A question counts as answered by whichever part of a file that answers. */
async function ask({ name, questions }: Repository, root: string): Promise<Asked[]> {
  const dataDir = mkdtempSync(join(tmpdir(), 'agent-memory-repositories-'))
  const env = { AGENT_MEMORY_DATA_DIR: dataDir, AGENT_MEMORY_PROJECT: name }
  try {
    const files = await importFrom(root, env)
    process.stdout.write(`\n${name}: ${files.size} entries of ${new Set(files.values()).size} files\n`)
    const client = await openClient(env)
    const asked: Asked[] = []
    for (const [question = '', ...wanted] of questions) {
      const { results } = await client.call('memory_query', { action: 'search', query: question, limit: 10 })
      const found = (results as { id: string }[]).map(({ id }) => files.get(id) ?? '')
      const answers = found.map((source) =>
        wanted.some((part) => source.includes(part)) ? 'answer' : source,
      )
      const first = answers.indexOf('answer')
      asked.push(judged('all', onceEach(answers), new Set(['answer'])))
      if (first !== 0)
        process.stdout.write(`${first < 0 ? 'missed' : `place ${first + 1}`}: ${question} (${found[0]})\n`)
    }
    await client.close()
    return asked
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
}

/** Places stay: what stands there a second time counts for nothing. */
function onceEach(names: readonly string[]): string[] {
  return names.map((name, at) => (names.indexOf(name) === at ? name : ''))
}

async function importFrom(root: string, env: Readonly<Record<string, string>>): Promise<Map<string, string>> {
  const args = [PROGRAM, 'import', root, '--from', 'markdown', '--json']
  const options = { env: { PATH: process.env['PATH'], ...env }, maxBuffer: 2 ** 28 }
  const { stdout } = await promisify(execFile)(process.execPath, args, options)
  const { changes } = JSON.parse(stdout) as Report
  return new Map(changes.map(({ id, file: source }) => [id, source]))
}
