import { isAbsolute } from 'node:path'
import { AppError } from '../../../domain/errors.ts'
import { masked } from '../../../domain/text/secrets.ts'
import type { CommandIo } from '../io.ts'
import { CLIENTS, type Client } from './clients/clients.ts'
import { locateUserFile } from './clients/locate.ts'
import {
  backupPath,
  type ConfigFile,
  readBackup,
  readConfigFile,
  refuseReadOnly,
  removeBackup,
  writeConfigFile,
} from './config-file.ts'
import { offSwitch } from './dead-parts.ts'
import { showDiff } from './diff.ts'
import { lookAt } from './look.ts'
import { mayAllow, SETUP_INPUT, type SetupOptions, setupOptions } from './options.ts'
import { type FilePlan, planSetup, planUndo } from './plan.ts'
import { askYesNo, type ClientReport, Reporter } from './report.ts'
import { findShadows } from './shadows.ts'
import { entryTarget, permissionTarget, type Target, wantedEntry } from './target.ts'

/** Runs `agent-memory setup`. The exit code: 0 done, 1 refused. */
export function runSetup(options: SetupOptions, io: CommandIo): Promise<number> {
  const run = new SetupRun(options, io)
  return options.clients.length === 0 && !options.all ? run.list() : run.apply()
}

/** Which clients are here and whether the server is registered with them. Changes nothing. */
export function lookAtClients(io: CommandIo): Promise<ClientReport[]> {
  return new SetupRun(setupOptions(SETUP_INPUT.parse({}), io), io).look()
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
    // What an entry lacks of the environment's settings is no other command.
    const asked = { io: this.#io, options: { ...this.#options, carried: {} } }
    const clients = CLIENTS.filter((client) => !this.#options.project || client.projectFile !== undefined)
    const reports: ClientReport[] = []
    for (const client of clients) reports.push(await lookAt(client, asked))
    return reports
  }

  async apply(): Promise<number> {
    const clients = this.#options.all ? await this.#installed() : this.#options.clients
    if (clients.length === 0)
      this.#reporter.note('No client is installed here; name one and use --force to register with it anyway.')
    const reports: ClientReport[] = []
    for (const client of clients) reports.push(...(await this.#applyTo(client)))
    await this.#notes(reports)
    this.#reporter.end(reports)
    const isDone = (report: ClientReport): boolean =>
      report.error === undefined && report.action !== 'declined'
    return clients.length > 0 && reports.every(isDone) ? 0 : 1
  }

  /** The entry and, if that is there and it is asked for, the permissions. */
  async #applyTo(client: Client): Promise<ClientReport[]> {
    const asked = { io: this.#io, options: this.#options }
    const report = await this.#tell(client, () => entryTarget(client, asked))
    const isDone = report.error === undefined && report.action !== 'declined'
    const permissions = isDone ? await permissionTarget(client, asked) : undefined
    if (!permissions) return [report]
    return [report, await this.#tell(client, async () => permissions)]
  }

  async #tell(client: Client, targetOf: () => Promise<Target>): Promise<ClientReport> {
    const report = await this.#change(client, targetOf)
    this.#reporter.client(report, this.#next(client))
    return report
  }

  #next(client: Client): string {
    const { next, nextInProject = next, unattended } = client
    const { project, allow } = this.#options
    const offer =
      mayAllow(client) && !allow
        ? [
            `agent-memory setup ${client.id}${project ? ' --project' : ''} --allow lets it use the tools without asking.`,
          ]
        : []
    return [project ? nextInProject : next, ...offer, ...(unattended ? [unattended] : [])].join('\n')
  }

  async #notes(reports: readonly ClientReport[]): Promise<void> {
    const { undo, allow, withheld, clients } = this.#options
    if (reports.some((report) => report.action === 'added')) {
      await this.#warnOfPaths()
      if (withheld.length > 0 && this.#options.url === undefined)
        this.#reporter.note(
          `Not written, for they are secret: ${withheld.join(', ')}. --env NAME=VALUE writes one.`,
        )
    }
    const without = clients.filter((client) => allow && !mayAllow(client)).map(({ title }) => title)
    if (without.length > 0) this.#reporter.note(`--allow has nothing to write for ${without.join(', ')}.`)
    if (undo) return
    for (const { title, off } of reports) if (off !== undefined) this.#reporter.note(`${title}: ${off}`)
    for (const { title, shadows = [] } of reports)
      for (const { where, mend } of shadows)
        this.#reporter.note(`${title} takes another entry of that name first: ${where}. ${mend}`)
  }

  async #warnOfPaths(): Promise<void> {
    const { command } = await wantedEntry({ io: this.#io, options: this.#options })
    if (!this.#options.project || !isAbsolute(command)) return
    this.#reporter.note(
      'If others share this file: it now has paths of this machine. With --npx it would have none.',
    )
  }

  async #change(client: Client, targetOf: () => Promise<Target>): Promise<ClientReport> {
    const report = { client: client.id, title: client.title }
    let file: string | undefined
    try {
      const target = await targetOf()
      file = target.file
      const read = await readConfigFile(file, this.#newMode)
      this.#refuseMissing(target, read)
      const plan = await this.#plan(target, read)
      const off = this.#offSwitch(target, plan)
      const shadows = await this.#shadows(client, target, read)
      const seen = { ...report, title: target.title, file, ...off, ...shadows }
      if (plan.before === plan.after) return { ...seen, state: plan.state, action: 'none' }
      refuseReadOnly(read)
      const diff = masked(showDiff({ file, ...plan }))
      this.#reporter.diff(target, diff)
      if (this.#options.dry_run) return { ...seen, state: plan.state, action: 'shown', diff }
      if (!(await this.#consent())) return { ...seen, state: plan.state, action: 'declined', diff }
      const backup = await this.#write(read, plan)
      const action = this.#options.undo ? 'removed' : 'added'
      return { ...seen, state: plan.stateAfter, action, diff, ...(backup && { backup }) }
    } catch (error) {
      return { ...report, ...(file && { file }), error: asAppError(error) }
    }
  }

  async #shadows(
    client: Client,
    { file, wanted }: Target,
    { text }: ConfigFile,
  ): Promise<Pick<ClientReport, 'shadows'>> {
    if (this.#options.project || this.#options.undo) return {}
    const shadows = await findShadows(client, { file, text, cwd: this.#io.cwd, wanted })
    return shadows.length > 0 ? { shadows } : {}
  }

  #offSwitch({ editor }: Target, { after }: FilePlan): Pick<ClientReport, 'off'> {
    const found = after === undefined || this.#options.undo ? undefined : editor.find(after)
    const off = found && offSwitch(found)
    return off === undefined ? {} : { off }
  }

  async #plan({ editor, wanted }: Target, { path, text }: ConfigFile): Promise<FilePlan> {
    const state = { before: text, backup: await readBackup(path), wanted }
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

  #refuseMissing({ title, file, isInstalled }: Target, { text }: ConfigFile): void {
    if (isInstalled || text !== undefined || this.#options.force || this.#options.undo) return
    throw new AppError(
      'NOT_FOUND',
      `${title} is not installed here: no trace of it where ${file} would be, and not on the PATH.`,
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

  /** A user's file may come to hold secrets; a project's is for its team. */
  get #newMode(): number {
    return this.#options.project ? 0o644 : 0o600
  }
}

function asAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  throw error
}
