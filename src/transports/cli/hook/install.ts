import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../../domain/errors.ts'
import type { CommandIo } from '../io.ts'
import { findProjectRoot } from '../setup/clients/locate.ts'
import {
  backupPath,
  type ConfigFile,
  readBackup,
  readConfigFile,
  refuseReadOnly,
  removeBackup,
  writeConfigFile,
} from '../setup/config-file.ts'
import { showDiff } from '../setup/diff.ts'
import { errorText } from '../view/errors.ts'
import { hookTool, toolHook } from './by-tool.ts'
import { type CommandOptions, hookCommand, isOwnHook, type WantedCommand, wantedGroups } from './command.ts'
import { HookEditor, type HookGroup, isSameHooks, OFF_SWITCH } from './hook-editor.ts'
import { INSTALL_CLIENTS, type InstallClient, type SettingsClient } from './install-clients.ts'
import { filesState, type ProgramFile, putFiles, removeFiles } from './program-files.ts'

export interface InstallOptions extends CommandOptions {
  /** None: every client that is here. */
  readonly clients: readonly string[]
  /** The project's own file instead of the user's. */
  readonly inProject: boolean
  readonly isDryRun: boolean
  /** Whether the client is to call a tool of our server or to start a program, where it can do both. */
  readonly by: 'auto' | 'tool' | 'command'
}

type HookState = 'installed' | 'outdated' | 'absent'
type Verb = 'install' | 'uninstall' | 'status'

/** What became of one client, or how it stands. */
interface Report {
  readonly client: string
  readonly title: string
  readonly file: string
  readonly state?: HookState
  readonly action?: 'installed' | 'removed' | 'none' | 'shown'
  readonly diff?: string
  /** Why the client runs none of its hooks. */
  readonly switched_off?: string
  readonly error?: AppError
}

/** Another program may have written the file between our look and our write: then it is read again. */
const TRIES = 5

/** Puts our hooks into the clients' own settings, takes them out, or tells how it stands. The exit code: 0 done, 1 refused. */
export async function changeHooks(verb: Verb, options: InstallOptions, io: CommandIo): Promise<number> {
  const clients = INSTALL_CLIENTS.filter(
    ({ id, marker, projectFile }) =>
      (options.clients.length > 0
        ? options.clients.includes(id)
        : verb === 'status' || existsSync(marker(io))) &&
      (!options.inProject || projectFile !== undefined),
  )
  if (clients.length === 0)
    throw new AppError('NOT_FOUND', 'No client whose hooks could be changed is here.', {
      suggestion: `Name one: --client ${INSTALL_CLIENTS.map(({ id }) => id).join(', ')}.`,
    })
  const reports: Report[] = []
  for (const client of clients) reports.push(await reportOn(verb, client, options, io))
  io.answer({ clients: reports.map(toJson) }, () => reports.map((report) => textOf(report, io)).join(''))
  for (const { error } of reports) if (error && !io.isJson) io.stderr.write(errorText(error))
  return reports.some(({ error }) => error) ? 1 : 0
}

async function reportOn(
  verb: Verb,
  client: InstallClient,
  options: InstallOptions,
  io: CommandIo,
): Promise<Report> {
  const file = options.inProject
    ? join(await findProjectRoot(io.cwd), ...(client.projectFile ?? '').split('/'))
    : client.file(io)
  const report = { client: client.id, title: client.title, file }
  try {
    const command = await hookCommand(client.id, options, io)
    if ('files' in client)
      return { ...report, ...(await changeFiles(verb, client.files(io, command), options)) }
    if (verb === 'status')
      return {
        ...report,
        ...(await howItStands(client, { file, command, options, platform: io.platform })),
      }
    const tool = verb === 'uninstall' ? undefined : await toolOf(client, options, io)
    const groups = wantedGroups(client, { command, tool, platform: io.platform })
    return { ...report, ...(await change(verb, { client, file, groups, isDryRun: options.isDryRun })) }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { ...report, error }
  }
}

/** What it calls instead of a program; undefined for none. */
async function toolOf(
  { hooks }: SettingsClient,
  options: InstallOptions,
  io: CommandIo,
): Promise<object | undefined> {
  if (options.by === 'command' || !hooks.some(({ byTool }) => byTool)) return undefined
  return options.by === 'tool' ? toolHook(options) : hookTool(options, io)
}

/** A tool is as good as a program: which of them the client can call is asked at installing. */
async function howItStands(
  client: SettingsClient,
  {
    file,
    command,
    options,
    platform,
  }: { file: string; options: InstallOptions } & Omit<WantedCommand, 'tool'>,
): Promise<Partial<Report>> {
  const { text } = await readConfigFile(file, 0o600)
  const editor = new HookEditor(file, isOwnHook(client.id))
  const stateWith = (tool: object | undefined) =>
    stateOf(editor, text, wantedGroups(client, { command, tool, platform }))
  const byTool = stateWith(toolHook(options))
  return { state: byTool === 'outdated' ? stateWith(undefined) : byTool, ...switchOf(editor, text) }
}

/** That the client runs none of the hooks in its file, if its user has said so there. */
function switchOf(editor: HookEditor, text: string | undefined): Pick<Report, 'switched_off'> {
  const isOff = text !== undefined && editor.isOff(text)
  return isOff ? { switched_off: `${OFF_SWITCH} is true in it: none of its hooks runs` } : {}
}

async function changeFiles(
  verb: Verb,
  files: readonly ProgramFile[],
  { isDryRun }: InstallOptions,
): Promise<Partial<Report>> {
  const state = await filesState(files)
  if (verb === 'status') return { state }
  const isDone = verb === 'install' ? state === 'installed' : state === 'absent'
  if (isDone) return { state, action: 'none' }
  const shown = verb === 'uninstall' ? [] : files
  const diff = shown.map(({ file, text }) => showDiff({ file, before: undefined, after: text })).join('\n')
  if (isDryRun) return { state, action: 'shown', diff }
  await (verb === 'install' ? putFiles(files) : removeFiles(files))
  const done = {
    state: await filesState(files),
    action: verb === 'install' ? 'installed' : 'removed',
  } as const
  return verb === 'install' ? { ...done, diff } : done
}

interface Task {
  readonly client: InstallClient
  readonly file: string
  readonly groups: readonly HookGroup[]
  readonly isDryRun: boolean
}

async function change(verb: Exclude<Verb, 'status'>, task: Task, tries = TRIES): Promise<Partial<Report>> {
  const editor = new HookEditor(task.file, isOwnHook(task.client.id))
  const read = await readConfigFile(task.file, 0o600)
  const plan = verb === 'install' ? planInstall(editor, read, task.groups) : await planRemoval(editor, read)
  const off = verb === 'install' ? switchOf(editor, read.text) : {}
  if (plan.after === read.text)
    return { state: stateOf(editor, read.text, task.groups), action: 'none', ...off }
  refuseReadOnly(read)
  const diff = showDiff({ file: task.file, before: read.text, after: plan.after })
  if (task.isDryRun) return { state: stateOf(editor, read.text, task.groups), action: 'shown', diff }
  try {
    await writeConfigFile(read, { text: plan.after, backup: plan.backup, kind: 'hooks' })
  } catch (error) {
    if (error instanceof AppError && error.errorName === 'CONFLICT' && tries > 1)
      return change(verb, task, tries - 1)
    throw error
  }
  if (verb === 'uninstall') await removeBackup(read.path, 'hooks')
  return {
    state: stateOf(editor, plan.after, task.groups),
    action: verb === 'install' ? 'installed' : 'removed',
    diff,
    ...off,
  }
}

interface Plan {
  readonly after: string | undefined
  /** To be kept beside the file, where taking the hooks out would not lead back to the very bytes. */
  readonly backup: string | undefined
}

function planInstall(editor: HookEditor, { text }: ConfigFile, groups: readonly HookGroup[]): Plan {
  if (stateOf(editor, text, groups) === 'installed') return { after: text, backup: undefined }
  const after = editor.put(text ?? '', groups)
  const isFirst = text !== undefined && editor.find(text).length === 0
  // A file that then looks as one that we have made would be taken away.
  const isAsMade = after === editor.put('', groups)
  return { after, backup: isFirst && (isAsMade || editor.remove(after) !== text) ? text : undefined }
}

/** Back to the bytes of before where nothing else has changed since; no file where we have made it. */
async function planRemoval(editor: HookEditor, { path, text }: ConfigFile): Promise<Plan> {
  const groups = text === undefined ? [] : editor.find(text)
  if (text === undefined || groups.length === 0) return { after: text, backup: undefined }
  const isMadeFrom = (origin: string) => attempt(() => editor.put(origin, groups)) === text
  const backup = await readBackup(path, 'hooks')
  if (backup !== undefined && isMadeFrom(backup)) return { after: backup, backup: undefined }
  return { after: isMadeFrom('') ? undefined : editor.remove(text), backup: undefined }
}

/** What cannot be made anew is no origin. */
function attempt(make: () => string): string | undefined {
  try {
    return make()
  } catch (error) {
    if (error instanceof AppError) return undefined
    throw error
  }
}

function stateOf(editor: HookEditor, text: string | undefined, groups: readonly HookGroup[]): HookState {
  const found = text === undefined ? [] : editor.find(text)
  if (found.length === 0) return 'absent'
  return isSameHooks(found, groups) ? 'installed' : 'outdated'
}

function textOf(report: Report, io: CommandIo): string {
  const { title, file, state, action, diff, client, switched_off: off, error } = report
  if (error) return ''
  const next = off === undefined ? INSTALL_CLIENTS.find(({ id }) => id === client)?.next : `But ${off}.`
  const shown = diff === undefined ? '' : `${diff}\n`
  switch (action) {
    case 'installed':
      return `${shown}${title}: its hooks are in ${file}.\n${next}\n`
    case 'removed':
      return `${shown}${title}: its hooks are taken out of ${file}.\n`
    case 'shown':
      return `${shown}${title}: nothing was changed (--dry-run).\n`
    case 'none':
      return `${title}: nothing to do; ${state} in ${file}.\n${off === undefined ? '' : `But ${off}.\n`}`
    default: {
      const isHere = existsSync(INSTALL_CLIENTS.find(({ id }) => id === client)?.marker(io) ?? '')
      const shownState = isHere || state !== 'absent' ? state : 'no client'
      return `${client.padEnd(12)} ${shownState?.padEnd(10)} ${file}${off === undefined ? '' : ` (${off})`}\n`
    }
  }
}

function toJson({ error, ...report }: Report): Record<string, unknown> {
  const backup = existsSync(backupPath(report.file, 'hooks'))
    ? { backup: backupPath(report.file, 'hooks') }
    : {}
  return { ...report, ...backup, ...error?.toBody() }
}
