import type { Config, SettingProblem, ShellEnv } from '../../config.ts'
import type { DatabaseCheck, DatabaseFile } from '../../domain/database-file.ts'
import type { App } from '../../operations/app.ts'
import type { Move } from '../../services/move/move.ts'

/** The world as the command line sees it; src/main.ts makes it of the process. */
export interface CliIo {
  readonly stdin: NodeJS.ReadableStream
  readonly stdout: NodeJS.WritableStream
  readonly stderr: NodeJS.WritableStream
  /** Whether somebody reads the answer and can be asked. */
  readonly isTTY: boolean
  /** Width of the terminal that stdout is; undefined where it is none. */
  readonly columns: number | undefined
  readonly cwd: string
  readonly home: string
  readonly platform: NodeJS.Platform
  readonly env: ShellEnv
  /** Absolute path of the running node. */
  readonly nodePath: string
  /** Absolute path of the program's main file. */
  readonly mainPath: string
  /** The settings of the environment; values by variable override them. */
  readonly readConfig: (overrides?: Readonly<Record<string, string>>) => Config
  /** All that is wrong with them. */
  readonly checkSettings: (overrides: Readonly<Record<string, string>>) => readonly SettingProblem[]
  /** Calls once on Ctrl+C or an end from outside, instead of dying; answers how to stop listening. */
  readonly onInterrupt: (listener: () => void) => () => void
  readonly openApp: (config: Config) => Promise<App>
  readonly openFile: (config: Config) => Promise<DatabaseFile>
  readonly openCheck: (config: Config) => Promise<DatabaseCheck>
  /** Opens what moves the memory of one configuration to the other's database. */
  readonly openMove: (from: Config, to: Config) => Promise<Move>
  readonly serveMcp: (config: Config) => Promise<number>
}

/** What a command gets: the global flags (--data-dir …) are taken out of its arguments and are in `config()`. */
export interface CommandIo extends CliIo {
  readonly config: () => Config
  /** The global flags, by variable. */
  readonly overrides: Readonly<Record<string, string>>
}

/** A command that is no tool. Answers the exit code: 0 done, 1 refused, 2 not understood; may throw an AppError (1). */
export type Command = (argv: string[], io: CommandIo) => Promise<number>
