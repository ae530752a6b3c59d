import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { type Answers, askCoding, type CodingSet } from './eval/coding.ts'
import { rowsOf, separation, tableOf, unlikelyShare } from './eval/figures.ts'
import { askLocomo, type LocomoSet } from './eval/locomo.ts'
import { openClient } from './mcp-client.ts'

const USAGE = `Usage: npm run eval -- [FILE…] [--postgres=postgres://…] [--embeddings=local] [--json]

Retrieval quality through the real server over MCP stdio, on SQLite, or on PostgreSQL where its address is given.
--embeddings, and further settings of a model in the environment, are as AGENT_MEMORY_EMBEDDINGS: nothing is asked before all memories have
their vectors. Without files: the sets of this project, and the questions that the first of them cannot answer.
`

const args = process.argv.slice(2)
const unknown = args.find((arg) => /^-/.test(arg) && !/^--(?:json|(?:postgres|embeddings)=.+)$/.test(arg))
if (unknown !== undefined) {
  const isHelp = unknown === '--help' || unknown === '-h'
  ;(isHelp ? process.stdout : process.stderr).write(
    isHelp ? USAGE : `${unknown}: no such option.\n\n${USAGE}`,
  )
  process.exit(isHelp ? 0 : 2)
}
const postgres = optionOf('postgres')
const embeddings = embeddingSettings(optionOf('embeddings'))
const ours = ['dev', 'more', 'third', 'fourth', 'fifth', 'sixth', 'seventh'].map((name) =>
  join(import.meta.dirname, `eval/coding-${name}.json`),
)
const given = args.filter((arg) => !arg.startsWith('--'))

for (const file of given.length > 0 ? given : ours) {
  const set = withUnanswerable(file, JSON.parse(readFileSync(file, 'utf8')) as CodingSet | LocomoSet)
  for (const [name, env] of backends()) {
    const { asked, scores } = await ask(set, env)
    const rows = rowsOf(asked)
    const honesty = scores && scores.unanswerable.length > 0 ? honestyOf(scores) : null
    if (args.includes('--json'))
      process.stdout.write(`${JSON.stringify({ file, database: name, rows, honesty })}\n`)
    else
      process.stdout.write(
        `\n${file}, ${name}\n\n${tableOf(rows)}${honesty ? `\n${JSON.stringify(honesty)}\n` : ''}`,
      )
  }
}

function optionOf(option: string): string | undefined {
  const start = `--${option}=`
  return args.find((arg) => arg.startsWith(start))?.slice(start.length)
}

/** No question goes without its vector because the machine is busy. */
function embeddingSettings(kind: string | undefined): Record<string, string> {
  if (kind === undefined) return {}
  const given = Object.entries(process.env).filter(([name]) => name.startsWith('AGENT_MEMORY_EMBEDDINGS_'))
  const settings = Object.fromEntries(given.map(([name, value = '']) => [name, value]))
  return { AGENT_MEMORY_EMBEDDINGS_WAIT_MS: '60000', ...settings, AGENT_MEMORY_EMBEDDINGS: kind }
}

/** With the further questions that the set has no answer to. */
function withUnanswerable(file: string, set: CodingSet | LocomoSet): CodingSet | LocomoSet {
  if ('conversations' in set || basename(file) !== 'coding-dev.json') return set
  const more = JSON.parse(readFileSync(join(import.meta.dirname, 'eval/unanswerable.json'), 'utf8'))
  return { ...set, questions: [...set.questions, ...(more as CodingSet).questions] }
}

/** Of the scores: how well they tell questions with an answer from those without, and how many of each say so. */
function honestyOf(scores: NonNullable<Answers['scores']>) {
  const { answerable, unanswerable } = scores
  return {
    unanswerable: unanswerable.length,
    separation: separation(scores),
    unlikely: unlikelyShare(unanswerable),
    falselyUnlikely: unlikelyShare(answerable),
  }
}

/** On PostgreSQL everything is loaded into the database that is given: it should be an empty one. */
function backends(): [string, Record<string, string>][] {
  if (!postgres) return [['SQLite', {}]]
  return [['PostgreSQL', { AGENT_MEMORY_DB_TYPE: 'postgresql', AGENT_MEMORY_PG_URL: postgres }]]
}

async function ask(
  set: CodingSet | LocomoSet,
  env: Record<string, string>,
): Promise<Pick<Answers, 'asked'> & Partial<Answers>> {
  const folder = mkdtempSync(join(tmpdir(), 'agent-memory-eval-'))
  const client = await openClient({ AGENT_MEMORY_DATA_DIR: folder, ...embeddings, ...env })
  try {
    if (!('conversations' in set)) return await askCoding(client.call, set)
    return { asked: await askLocomo(client.call, set) }
  } finally {
    await client.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
