import { isAbsolute } from 'node:path'
import { AppError } from '../../../domain/errors.ts'
import type { CommandIo } from '../io.ts'
import { CLIENTS, type Client } from './clients.ts'
import {
  backupPath,
  type ConfigFile,
  readBackup,
  readConfigFile,
  refuseReadOnly,
  removeBackup,
  writeConfigFile,
} from './config-file.ts'
import { deadPart } from './dead-parts.ts'
import { showDiff } from './diff.ts'
import { openEditor } from './editing/editor.ts'
import { buildEntry, type ServerEntry } from './entry.ts'
import { type FoundClient, findProjectRoot, locateProjectFile, locateUserFile } from './locate.ts'
import { stableNodePath } from './node-path.ts'
import { SETUP_INPUT, type SetupOptions, setupOptions } from './options.ts'
import { entryState, type FilePlan, planSetup, planUndo } from './plan.ts'
import { askYesNo, type ClientReport, Reporter } from './report.ts'

/** Runs `agent-memory setup`. The exit code: 0 done, 1 refused. */
export function runSetup(options: SetupOptions, io: CommandIo): Promise<number> {
  const run = new SetupRun(options, io)
  return options.clients.length === 0 && !options.all ? run.list() : run.apply()
}

/** Which clients are here and whether the server is registered with them. Changes nothing. */
export function lookAtClients(io: CommandIo): Promise<ClientReport[]> {
  const options = setupOptions(SETUP_INPUT.parse({}), { cwd: io.cwd, overrides: {} })
  return new SetupRun(options, io).look()
}

class SetupRun {
  readonly #options: SetupOptions
  readonly #io: CommandIo
  readonly #reporter: Reporter

  constructor(options: SetupOptions, io: CommandIo) {
    this.#options = options
    this.#io = io
    this.#reporter = new Reporter(io)
  }

  async list(): Promise<number> {
    this.#reporter.list(await this.look())
    return 0
  }

  async look(): Promise<ClientReport[]> {
    const clients = CLIENTS.filter((client) => !this.#options.project || client.projectFile !== undefined)
    const reports: ClientReport[] = []
    for (const client of clients) reports.push(await this.#look(client))
    return reports
  }

  async apply(): Promise<number> {
    const clients = this.#options.all ? await this.#installed() : this.#options.clients
    if (clients.length === 0)
      this.#reporter.note('No client is installed here; name one and use --force to register with it anyway.')
    const reports: ClientReport[] = []
    for (const client of clients) {
      const report = await this.#change(client)
      this.#reporter.client(report, this.#next(client))
      reports.push(report)
    }
    if (reports.some((report) => report.action === 'added')) await this.#warnOfPaths()
    this.#reporter.end(reports)
    const isDone = (report: ClientReport): boolean =>
      report.error === undefined && report.action !== 'declined'
    return clients.length > 0 && reports.every(isDone) ? 0 : 1
  }

  #next({ next, nextInProject }: Client): string {
    return this.#options.project ? (nextInProject ?? next) : next
  }

  async #warnOfPaths(): Promise<void> {
    if (!this.#options.project || !isAbsolute((await this.#wanted()).command)) return
    this.#reporter.note(
      'If others share this file: it now has paths of this machine. With --npx it would have none.',
    )
  }

  /** What the file says, without a change; trouble with one file is part of the answer. */
  async #look(client: Client): Promise<ClientReport> {
    const { file, isInstalled } = await this.#locate(client)
    const report = { client: client.id, title: client.title, file }
    try {
      const { text } = await readConfigFile(file, this.#newMode)
      const editor = openEditor({ ...client, file })
      const state = entryState(editor, text, await this.#wanted(client))
      const found = text === undefined ? undefined : editor.find(text)
      const dead = found && (await deadPart(found, this.#io))
      const shown = state === 'absent' && !isInstalled ? 'not-installed' : state
      return { ...report, state: shown, ...(dead !== undefined && { dead }) }
    } catch (error) {
      return { ...report, state: 'unreadable', error: asAppError(error) }
    }
  }

  async #change(client: Client): Promise<ClientReport> {
    const report = { client: client.id, title: client.title }
    let file: string | undefined
    try {
      const found = await this.#locate(client)
      file = found.file
      const read = await readConfigFile(file, this.#newMode)
      this.#refuseMissing(client, found, read)
      const plan = await this.#plan(client, read)
      if (plan.before === plan.after) return { ...report, file, state: plan.state, action: 'none' }
      refuseReadOnly(read)
      const diff = showDiff({ file, ...plan })
      this.#reporter.diff(client, diff)
      if (this.#options.dry_run) return { ...report, file, state: plan.state, action: 'shown', diff }
      if (!(await this.#consent())) return { ...report, file, state: plan.state, action: 'declined', diff }
      const backup = await this.#write(read, plan)
      const action = this.#options.undo ? 'removed' : 'added'
      return { ...report, file, state: plan.stateAfter, action, diff, ...(backup && { backup }) }
    } catch (error) {
      return { ...report, ...(file && { file }), error: asAppError(error) }
    }
  }

  async #plan(client: Client, { path, text }: ConfigFile): Promise<FilePlan> {
    const editor = openEditor({ ...client, file: path })
    const state = { before: text, backup: await readBackup(path), wanted: await this.#wanted(client) }
    return this.#options.undo ? planUndo(editor, state) : planSetup(editor, state)
  }

  /** Gives the path of the backup, if one was written. */
  async #write(read: ConfigFile, { before, after, backup }: FilePlan): Promise<string | undefined> {
    const copy = backup === 'write' ? before : undefined
    await writeConfigFile(read, { text: after, backup: copy })
    if (backup === 'remove') await removeBackup(read.path)
    return copy === undefined ? undefined : backupPath(read.path)
  }

  async #consent(): Promise<boolean> {
    if (this.#options.yes) return true
    if (this.#io.isTTY && !this.#io.isJson) return askYesNo(this.#io, 'Apply this change? [y/N] ')
    throw new AppError('INVALID_PARAMETER', 'Nothing was changed: there is no terminal to ask on.', {
      suggestion: 'Add --yes to apply the change, or --dry-run to only see it.',
    })
  }

  #refuseMissing(client: Client, { file, isInstalled }: FoundClient, { text }: ConfigFile): void {
    if (isInstalled || text !== undefined || this.#options.force || this.#options.undo) return
    throw new AppError(
      'NOT_FOUND',
      `${client.title} is not installed here: no trace of it where ${file} would be.`,
      {
        details: { file },
        suggestion: 'Start the client once, or use --force to create the file for it.',
      },
    )
  }

  async #installed(): Promise<Client[]> {
    const found: Client[] = []
    for (const client of CLIENTS) {
      const hasFile = !this.#options.project || client.projectFile !== undefined
      if (hasFile && (await locateUserFile(client, this.#io)).isInstalled) found.push(client)
    }
    return found
  }

  async #locate(client: Client): Promise<FoundClient> {
    if (!this.#options.project) return locateUserFile(client, this.#io)
    return locateProjectFile(client, await findProjectRoot(this.#io.cwd))
  }

  async #wanted(client?: Client): Promise<ServerEntry> {
    const { platform, mainPath, nodePath } = this.#io
    const { env, npx } = this.#options
    return buildEntry({
      platform,
      mainPath,
      nodePath: await stableNodePath(nodePath),
      env,
      npx,
      withType: client?.withType ?? false,
    })
  }

  /** A user's file may come to hold secrets; a project's is for its team. */
  get #newMode(): number {
    return this.#options.project ? 0o644 : 0o600
  }
}

function asAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  throw error
}
