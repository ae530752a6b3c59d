import { type Branch, type Command, isBranch } from './command.ts'
import { completionOf } from './commands/completion.ts'
import { conflictShow } from './commands/conflict-show.ts'
import { backup } from './commands/database-file/backup.ts'
import { exportCommand } from './commands/database-file/export.ts'
import { importCommand } from './commands/database-file/import.ts'
import { migrate } from './commands/database-file/migrate.ts'
import { restore } from './commands/database-file/restore.ts'
import { doctor } from './commands/doctor.ts'
import { hookInstall, hookStatus, hookUninstall } from './commands/hook.ts'
import { hookRun, hookServe } from './commands/hook-run.ts'
import { key } from './commands/key.ts'
import { mcp } from './commands/mcp.ts'
import { serve } from './commands/serve.ts'
import { setup } from './commands/setup.ts'
import { status } from './commands/status.ts'
import { SHORTCUTS, TOOL_COMMANDS } from './tools.ts'

const completion = completionOf(() => PROGRAM)

/** The commands that are no operations. A new one is one word here. */
const OWN: readonly Command[] = [
  mcp,
  serve,
  setup,
  status,
  doctor,
  backup,
  restore,
  exportCommand,
  importCommand,
  migrate,
  completion,
]

/** What is there for the hooks of clients. */
const HOOK: Branch = {
  words: ['hook'],
  summary: "Locks and rules in the clients' own hooks.",
  isOwn: true,
  next: new Map(
    [hookInstall, hookStatus, hookUninstall, hookRun, hookServe].map((command) => [
      command.words.at(-1) ?? '',
      command,
    ]),
  ),
}

/** All that the command line knows. */
export const PROGRAM: Branch = {
  words: [],
  summary: 'A memory that AI agents keep and share.',
  next: new Map([
    ...[...OWN, ...SHORTCUTS].map((command) => [command.words.join(' '), command] as const),
    ['hook', HOOK] as const,
    ['key', key] as const,
    ...TOOL_COMMANDS,
    ['conflict', withCommand(TOOL_COMMANDS.get('conflict'), conflictShow)] as const,
  ]),
}

/** What people have beside the actions of a tool. */
function withCommand(tool: Branch | Command | undefined, command: Command): Branch | Command {
  if (!tool || !isBranch(tool)) return command
  return { ...tool, next: new Map([...tool.next, [command.words.at(-1) ?? '', command]]) }
}
