import type { Command } from './io.ts'

interface CommandInfo {
  readonly summary: string
  /** It reads every flag itself, also those that are global elsewhere. */
  readonly ownFlags?: true
  readonly load: () => Promise<Command>
}

/** The commands that are no tools. A new one is one line. */
export const COMMANDS: Readonly<Record<string, CommandInfo>> = {
  mcp: {
    summary: 'Serve MCP on stdin and stdout',
    load: async () => (await import('./commands/mcp.ts')).run,
  },
  setup: {
    summary: 'Register the server with a client',
    ownFlags: true,
    load: async () => (await import('./commands/setup.ts')).run,
  },
  doctor: {
    summary: 'Check the installation, and say how to mend what is wrong',
    load: async () => (await import('./commands/doctor.ts')).run,
  },
  backup: {
    summary: 'Copy the database to a file, while it is in use',
    load: async () => (await import('./commands/backup.ts')).run,
  },
  restore: {
    summary: 'Put a backup in the place of the database',
    load: async () => (await import('./commands/restore.ts')).run,
  },
  export: {
    summary: 'Write the whole memory as JSON lines',
    load: async () => (await import('./commands/export.ts')).run,
  },
  import: {
    summary: 'Read what export wrote, all of it or nothing',
    load: async () => (await import('./commands/import.ts')).run,
  },
  migrate: {
    summary: 'Move everything to another database: SQLite to PostgreSQL, or back',
    load: async () => (await import('./commands/migrate.ts')).run,
  },
  completion: {
    summary: 'Print the completion of bash, zsh or fish',
    load: async () => (await import('./commands/completion.ts')).completionOf(Object.keys(COMMANDS)),
  },
}
