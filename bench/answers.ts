import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { AppError } from '../src/domain/errors.ts'
import { jsonBytes, tokensOf } from '../src/domain/text/tokens.ts'
import { openBenchApp } from './app.ts'
import { openClient } from './mcp-client.ts'

/** What a model reads of one kind of answer, in tokens (bytes / 4). */
export interface AnswerFigures {
  readonly name: string
  /** Of everything that the operation answers, as JSON: what the text block was before there was a ceiling. */
  readonly everything: number
  readonly text: number
}

const ROOT = join(import.meta.dirname, '..')
const KNOWLEDGE = 'memory_knowledge'
const QUERY = 'memory_query'
/** Words that our documents speak of. */
const QUESTIONS = [
  'redis lock fencing token',
  'backup and restore',
  'postgresql connection settings',
  'conflict of two agents',
]

type Call = readonly [
  name: string,
  tool: string,
  args: Readonly<Record<string, unknown>> & { readonly action: string },
]

const CALLS: readonly Call[] = [
  ...QUESTIONS.map((query): Call => [`search: ${query}`, QUERY, { action: 'search', query }]),
  ['search, limit 100', QUERY, { action: 'search', query: QUESTIONS[0], limit: 100 }],
  ['search, token_budget 1000', QUERY, { action: 'search', query: QUESTIONS[0], token_budget: 1_000 }],
  ['list', KNOWLEDGE, { action: 'list' }],
  ['list, limit 100', KNOWLEDGE, { action: 'list', limit: 100 }],
  ['context', QUERY, { action: 'context' }],
  ['context with a question', QUERY, { action: 'context', query: QUESTIONS[1] }],
  ['get, 2 KB', KNOWLEDGE, { action: 'get', name: 'docs/guides/rate-limits.md' }],
  ['get, 17 KB', KNOWLEDGE, { action: 'get', name: 'docs/guides/redis-distributed.md' }],
  ['history of 17 KB', KNOWLEDGE, { action: 'history', name: 'docs/guides/redis-distributed.md' }],
  ['MISSING_FIELD', KNOWLEDGE, { action: 'add', name: 'x' }],
  ['INVALID_PARAMETER', KNOWLEDGE, { action: 'add', name: 'x', content: 'x', priority: 'high' }],
  ['UNKNOWN_PARAMETER', KNOWLEDGE, { action: 'get', nme: 'x' }],
  ['INVALID_SCOPE', KNOWLEDGE, { action: 'list', scope_type: 'global', scope_id: 'x' }],
  ['TOO_LARGE', KNOWLEDGE, { action: 'add', name: 'x', content: 'x'.repeat(262_145) }],
  ['SECRET_REFUSED', KNOWLEDGE, { action: 'add', name: 'x', content: `token ghp_${'a1B2'.repeat(9)}` }],
  ['NOT_FOUND, with the nearest names', KNOWLEDGE, { action: 'get', name: 'docs/guides/file-lock' }],
  ['ALREADY_EXISTS', KNOWLEDGE, { action: 'add', name: 'STYLE.md', content: 'x' }],
  [
    'CONFLICT of two texts of 17 KB',
    KNOWLEDGE,
    {
      action: 'update',
      name: 'docs/guides/redis-distributed.md',
      base_version: 1,
      content: 'z'.repeat(17_000),
    },
  ],
  ['FILE_LOCKED', 'memory_file_lock', { action: 'checkout', file_path: '/bench/a.ts', wait_ms: 0 }],
  ['NOT_LOCK_OWNER', 'memory_file_lock', { action: 'checkin', file_path: '/bench/a.ts' }],
  ['LOCK_NOT_FOUND', 'memory_file_lock', { action: 'renew', file_path: '/bench/b.ts' }],
]

/** Our own documents as entries, one a file: what a memory bank holds. */
export async function measureAnswers(): Promise<AnswerFigures[]> {
  const dataDir = mkdtempSync(join(tmpdir(), 'agent-memory-bench-'))
  try {
    await fill(dataDir)
    const client = await openClient({ AGENT_MEMORY_DATA_DIR: dataDir, AGENT_MEMORY_PROJECT: 'bench' })
    const texts: number[] = []
    for (const [, tool, args] of CALLS) texts.push(tokensOf(Buffer.byteLength(await client.text(tool, args))))
    await client.close()
    const everything = await everythingOf(dataDir)
    return CALLS.map(([name], at) => ({ name, everything: everything[at] ?? 0, text: texts[at] ?? 0 }))
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
}

async function fill(dataDir: string): Promise<void> {
  // Guides show what a secret looks like.
  const { app, call } = await openBenchApp(dataDir, { AGENT_MEMORY_SECRETS: 'allow' })
  for (const path of globSync(['docs/**/*.md', '*.md'], { cwd: ROOT }).sort()) {
    const content = readFileSync(join(ROOT, path), 'utf8')
    await call(KNOWLEDGE, 'add', { name: relative('.', path), content, tags: ['docs'] })
  }
  const name = 'docs/guides/redis-distributed.md'
  await call(KNOWLEDGE, 'update', {
    name,
    content: `${readFileSync(join(ROOT, name), 'utf8')}.`,
    agent_id: 'other',
  })
  await call('memory_file_lock', 'checkout', {
    file_path: '/bench/a.ts',
    agent_id: 'other',
    ttl_ms: 3_600_000,
  })
  await app.close()
}

async function everythingOf(dataDir: string): Promise<number[]> {
  const { app, call } = await openBenchApp(dataDir)
  const sizes: number[] = []
  for (const [, tool, { action, token_budget: _budget, ...args }] of CALLS) {
    const answer = await call(tool, action, args).catch((error: unknown) => {
      if (error instanceof AppError) return error.toBody()
      throw error
    })
    sizes.push(tokensOf(jsonBytes(answer)))
  }
  await app.close()
  return sizes
}
