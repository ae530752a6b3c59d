import type { HookClient, HookKind } from './clients.ts'

/** One call of a hook, as far as it is understood. */
export interface HookEvent {
  readonly client: HookClient
  readonly kind: HookKind
  /** The event as the client names it: its answer repeats that. */
  readonly name: string
  readonly sessionId: string
  /** The client's id of the sub-agent, where it tells them apart and this is one. */
  readonly subAgent: string | null
  /** Where relative paths of this call start. */
  readonly cwd: string
  readonly tool: HookTool | null
}

export interface HookTool {
  readonly name: string
  readonly input: Readonly<Record<string, unknown>>
}

/** What the hook has to say, before it is put into the client's form. */
export interface HookDecision {
  /** Why the tool must not run. */
  readonly block?: string
  /** For the model: what to read at the start, or a warning. */
  readonly context?: string
  /** For the person: said, and the work goes on. */
  readonly notice?: string
  /** The tool's whole input, changed. */
  readonly input?: Readonly<Record<string, unknown>>
}

/** A pattern of the shell in place of names of files. */
export interface FilePattern {
  /** Where it starts, unless it begins with a slash; '' is the call's working directory. */
  readonly folder: string
  /** A backslash takes the character behind it as it is. */
  readonly glob: string
  /** Whether folders of such names are changed too, with all that is in them. */
  readonly hasFolders: boolean
}

/** A folder in which files are changed that a program looks for. */
export interface FilesBelow {
  readonly folder: string
  /** Patterns; the path of each of the files has such a name in it. Without them it is any file. */
  readonly names?: readonly string[] | undefined
}

/** A file with a diff that a program applies. */
export interface AppliedDiff {
  readonly file: string
  /** Where the names in it start. */
  readonly folder: string
  /** How many folders are taken off them; undefined for all. */
  readonly strip: number | undefined
}

/** Begins a path at the top of the work tree. No path has such a name. */
export const TOP = '/\0top'

/** What a tool is about to write. */
export interface ToolWrites {
  /** As the client wrote them; relative ones start at its working directory. */
  readonly paths: readonly string[]
  /** Targets that are written themselves, or, where one is a folder, the file of that name in it. */
  readonly into?: readonly { readonly folder: string; readonly name: string }[]
  /** Written where files of these names are there. */
  readonly ifThere?: readonly string[]
  /** Texts in a script that changes files: those that are names of files. */
  readonly named?: readonly string[]
  /** What these stand for on the disk. */
  readonly patterns?: readonly FilePattern[]
  readonly below?: readonly FilesBelow[]
  readonly diffs?: readonly AppliedDiff[]
  /** The text that comes new into them; of a command the command itself. */
  readonly texts: readonly string[]
}
