import { z } from 'zod'
import { AppError } from '../../../domain/errors.ts'
import type { Finding } from '../../../domain/places/database-file.ts'
import { counted } from '../../../domain/text/counted.ts'
import type { Instance } from '../../../operations/instance.ts'
import type { EmbeddingState } from '../../../services/embeddings/embeddings.ts'
import { VERSION } from '../../../version.ts'
import type { CommandIo } from '../io.ts'
import type { ClientReport } from '../setup/report.ts'
import { oneLine, padEnd, type Terminal } from '../view/terminal.ts'
import { defineCommand } from './define.ts'

export const doctor = defineCommand({
  words: ['doctor'],
  summary: 'Check the installation, and say how to mend what is wrong.',
  about: `Looks at the program, its settings, the data folder, the disk, the database, its search index and the clients. Changes
nothing. The exit code is 1 when something is broken.`,
  input: z.object({
    mend: z
      .boolean()
      .default(false)
      .describe('Also mends what needs no decision: the search index, rights that are too wide'),
    after_restore: z
      .boolean()
      .default(false)
      .describe(
        'For a PostgreSQL database that was just restored: lets tokens, versions and events go on above all that was given out since',
      ),
  }),
  examples: [
    ['agent-memory doctor', ''],
    ['agent-memory doctor --after-restore', 'After pg_restore, before any client starts.'],
  ],
  async run({ mend, after_restore: afterRestore }, io) {
    const settings = checkSettings(io)
    const isReadable = settings.every(({ level }) => level !== 'broken')
    const { mended, found } = isReadable
      ? await lookAtDatabase(io, { mend, afterRestore })
      : { mended: [], found: [] }
    const findings = [checkProgram(io), ...settings, ...found, ...(await checkClients(io))]
    const status = worst(findings)
    io.answer({ status, mended, findings }, () => report({ findings, mended }, io.terminal))
    return status === 'broken' ? 1 : 0
  },
})

async function lookAtDatabase(
  io: CommandIo,
  { mend, afterRestore }: { readonly mend: boolean; readonly afterRestore: boolean },
): Promise<{ mended: readonly string[]; found: readonly Finding[] }> {
  const mended: string[] = []
  const config = io.config()
  try {
    const database = await io.openCheck(config)
    if (afterRestore) mended.push(...(await database.goOnAfterRestore()))
    if (mend) mended.push(...(await database.mend()))
    const found = await database.inspect()
    const isOpen =
      found.some(({ check }) => check === 'Tags') && found.every(({ level }) => level !== 'broken')
    return { mended, found: isOpen ? [...found, ...(await tryOut(io))] : found }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { mended, found: [failure('Database', error)] }
  }
}

/** What a server of these settings would do: start, answer, list and export everything. Only a try shows that it can. */
async function tryOut(io: CommandIo): Promise<Finding[]> {
  const config = io.config()
  try {
    const app = await io.openApp(config)
    try {
      const vectors = vectorsOf(await app.services.embeddings.tried())
      return [await exportAway(app), vectors, ...(await healthOf(app, config.redis.enabled))]
    } finally {
      await app.close()
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return [failure(config.redis.enabled ? 'Redis' : 'Start', error)]
  }
}

async function exportAway({ services: { transfer, entries } }: Instance): Promise<Finding> {
  try {
    const counts = await transfer.export(async () => {})
    await entries.notable({ agentId: 'doctor', workspace: null })
    const text = `A server starts, and exports all: ${counted(counts.entry, 'entry')}, ${counted(counts.version, 'earlier version')}.`
    return { check: 'Start', level: 'ok', text }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return failure('Start', error)
  }
}

function vectorsOf({ kind, model, error, embedded = 0, entries = 0 }: EmbeddingState): Finding {
  const check = 'Vectors'
  if (kind === 'off') return { check, level: 'ok', text: 'Off: searches go by the words themselves.' }
  if (model === undefined)
    return { check, level: 'ok', text: 'Of the table of words that comes with the program.' }
  if (error !== undefined) {
    const text = `${model}: ${error}`
    return {
      check,
      level: 'warning',
      text,
      mend: 'Check the settings AGENT_MEMORY_EMBEDDINGS_*. Until the model answers, searches go by words alone.',
    }
  }
  const have = `${embedded} of ${counted(entries, 'entry')} ${entries === 1 ? 'has its' : 'have their'}`
  return { check, level: 'ok', text: `${model} answers; ${have} vector.` }
}

async function healthOf({ services }: Instance, withRedis: boolean): Promise<Finding[]> {
  const { status, problems } = await services.health.check()
  if (status === 'healthy')
    return withRedis ? [{ check: 'Redis', level: 'ok', text: 'Connected, and does what it is asked.' }] : []
  const level = status === 'unhealthy' ? 'broken' : 'warning'
  return problems.map((text) => ({
    check: 'Health',
    level,
    text,
    mend: 'agent-memory health shows all of it.',
  }))
}

function failure(check: string, { message, suggestion }: AppError): Finding {
  return { check, level: 'broken', text: message, mend: suggestion }
}

function checkProgram({ platform }: CommandIo): Finding {
  const text = `agent-memory ${VERSION}, Node ${process.versions.node}, ${platform} ${process.arch}.`
  return { check: 'Program', level: 'ok', text }
}

function checkSettings({ checkSettings: check, overrides }: CommandIo): Finding[] {
  const problems = check(overrides)
  if (problems.length === 0) return [{ check: 'Settings', level: 'ok', text: 'All are understood.' }]
  return problems.map(({ isFatal, text, mend }) => ({
    check: 'Settings',
    level: isFatal ? 'broken' : 'warning',
    text,
    mend,
  }))
}

async function checkClients(io: CommandIo): Promise<Finding[]> {
  const check = 'Clients'
  const { lookAtClients } = await import('../setup/run.ts')
  const reports = await lookAtClients(io)
  const registered = reports.filter(({ state }) => state === 'registered' || state === 'different')
  const names = registered.map(({ title, state }) =>
    state === 'different' ? `${title} (by another command)` : title,
  )
  const summary: Finding =
    names.length > 0
      ? { check, level: 'ok', text: `Registered with ${names.join(', ')}.` }
      : {
          check,
          level: 'ok',
          text: 'Registered with none.',
          mend: 'agent-memory setup shows which are here.',
        }
  return [summary, ...reports.flatMap((report) => troubleOf(report))]
}

function troubleOf({ client, title, file = '', error, ...report }: ClientReport): Finding[] {
  const check = 'Clients'
  if (error)
    return [{ check, level: 'warning', text: `${title}: ${file}: ${error.message}`, mend: error.suggestion }]
  const { dead, shadows = [], lacking = [] } = report
  const found: Finding[] = shadows.map(({ where, mend }) => {
    const text = `${title} takes another entry of our name before that of ${file}: ${where}.`
    return { check, level: 'warning', text, mend }
  })
  if (dead !== undefined) {
    const text = `${title} cannot start the server that ${file} names: ${dead}`
    const mend = `agent-memory setup ${client} registers this program; --undo takes the entry out.`
    found.push({ check, level: 'broken', text, mend })
  }
  if (lacking.length > 0) {
    const text = `${title} starts its server without settings of this shell: ${lacking.join(', ')}.`
    const mend = `agent-memory setup ${client} writes them into its entry; secret ones with --env NAME=VALUE.`
    found.push({ check, level: 'warning', text, mend })
  }
  return found
}

function worst(findings: readonly Finding[]): Finding['level'] {
  const levels = findings.map(({ level }) => level)
  if (levels.includes('broken')) return 'broken'
  return levels.includes('warning') ? 'warning' : 'ok'
}

function report(
  { findings, mended }: { findings: readonly Finding[]; mended: readonly string[] },
  terminal: Terminal,
): string {
  const width = Math.max(...findings.map(({ check }) => check.length))
  const lines = findings.flatMap((finding) => findingLines(finding, width, terminal))
  return [...mended.map(oneLine), ...lines, '', summary(findings), ''].join('\n')
}

function findingLines(
  { check, level, text, mend }: Finding,
  width: number,
  { bold, dim }: Terminal,
): string[] {
  const mark = level === 'broken' ? 'BROKEN' : level
  const styled = level === 'ok' ? dim : bold
  const line = `${styled(padEnd(mark, 7))}  ${padEnd(check, width)}  ${oneLine(text)}`
  return mend === undefined ? [line] : [line, `${' '.repeat(width + 11)}${bold(`-> ${oneLine(mend)}`)}`]
}

function summary(findings: readonly Finding[]): string {
  const count = (level: Finding['level']) => findings.filter((finding) => finding.level === level).length
  if (worst(findings) === 'ok') return 'All is well.'
  return `${count('broken')} broken, ${count('warning')} to look at.`
}
