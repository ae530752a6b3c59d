import type { Config, SettingProblem, ShellEnv } from '../../config.ts'
import type { DatabaseCheck, DatabaseFile } from '../../domain/places/database-file.ts'
import type { Instance } from '../../operations/instance.ts'
import type { Move } from '../../services/move/move.ts'
import type { Terminal } from './view/terminal.ts'

/** The world as the command line sees it; src/main.ts makes it of the process. */
export interface CliIo {
  readonly stdin: NodeJS.ReadableStream
  readonly stdout: NodeJS.WritableStream
  readonly stderr: NodeJS.WritableStream
  /** True where a person reads the answer and can be asked. */
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
  /** Those that the environment gives, by variable, as they stand there. */
  readonly givenSettings: () => Readonly<Record<string, string>>
  /** All that is wrong with them. */
  readonly checkSettings: (overrides: Readonly<Record<string, string>>) => readonly SettingProblem[]
  /** Calls once on Ctrl+C or an end from outside, instead of dying; answers how to stop listening. */
  readonly onInterrupt: (listener: () => void) => () => void
  readonly openApp: (config: Config) => Promise<Instance>
  readonly openFile: (config: Config) => Promise<DatabaseFile>
  readonly openCheck: (config: Config) => Promise<DatabaseCheck>
  /** Opens what moves the memory of one configuration to the other's database. */
  readonly openMove: (from: Config, to: Config) => Promise<Move>
  readonly serveMcp: (config: Config) => Promise<number>
  readonly serveHooks: (config: Config) => Promise<number>
  readonly serveHttp: (config: Config) => Promise<number>
}

/** What a command gets beside its input. */
export interface CommandIo extends CliIo {
  /** The settings, the global options (--data-dir …) among them. */
  readonly config: () => Config
  /** Those options, by variable. */
  readonly overrides: Readonly<Record<string, string>>
  readonly isJson: boolean
  readonly terminal: Terminal
  /** Writes the result: the value as JSON where that is asked for, otherwise the text. */
  readonly answer: (value: unknown, text: () => string) => void
}
